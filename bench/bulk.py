"""P2, P3 for the page of many students; P6: a whole school enabled at once, beside a loop over its rows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import select

from bench.district import browser_of, portal_with
from bench.hello import in_hellos
from bench.report import Report
from portal import db
from portal.app import create_app
from portal.config import Settings
from portal.models import AccessCode, Batch, Staff, Student
from portal.models.codes.bulk import make_codes
from portal.models.codes.outcome import Act
from portal.models.students.filter import StudentFilter
from portal.models.students.selection import Selection

PAGE, COVERAGE = "/portal-access", "/portal-access/coverage"
SCHOOL = 10_000
#: Rows of the slow loop; its time is taken for a tenth of the school's.
LOOPED = SCHOOL // 10
LOOKS = 200


def run(report: Report) -> None:
    """Pages at 2,000 and 20,000 students; then 10,000 students enabled."""
    small, large = _costs(2_000), _costs(20_000)
    report.at_most("P2 bulk page of 100 rows, hellos", small["page"], 60)
    report.at_most("P3 bulk page, 10x students in one school", large["page"] / small["page"], 1.3)
    report.at_most("coverage board at 2,000 students, hellos", small["coverage"], 400)
    with portal_with(SCHOOL + LOOPED) as app:
        _measure(app, report)


def _costs(students: int) -> dict[str, float]:
    with portal_with(students) as app:
        with app.app_context():
            office = _office_with_half_enabled(app)
        return in_hellos(
            {"page": lambda: _get(office, PAGE), "coverage": lambda: _get(office, COVERAGE)},
        )


def _office_with_half_enabled(app: Flask) -> FlaskClient:
    staff = db.session.scalars(select(Staff)).one()
    grades = [StudentFilter(grade=grade) for grade in range(0, 13, 2)]
    for student_filter in grades:
        make_codes(_plan(student_filter, staff), by=staff)
    return browser_of(app, staff)


def _measure(app: Flask, report: Report) -> None:
    with app.app_context():
        staff = db.session.scalars(select(Staff)).one()
        students = db.session.scalars(select(Student).order_by(Student.id.desc()).limit(LOOPED)).all()
        loop = _seconds(lambda: _one_by_one(students, staff)) * (SCHOOL / LOOPED)
        batch = _plan(StudentFilter(), staff)
        home, batch_id, office = current_app.extensions["settings"].home, batch.id, browser_of(app, staff)
    idle = _p95(office, lambda seen: seen < LOOKS)
    with _enabling(home, batch_id) as (is_going_on, seconds):
        busy = _p95(office, lambda seen: is_going_on() or seen < LOOKS // 4)
    report.at_most("P6 enable 10,000, share of a row-by-row loop", seconds() / loop, 1 / 5)
    report.at_most("P6 list p95 during it, in idle p95", busy / idle, 2)


def _plan(student_filter: StudentFilter, staff: Staff) -> Batch:
    with db.writing():
        return Batch.plan(Act.ENABLE, Selection.of(student_filter, ids=(), everyone=True), by=staff)


def _one_by_one(students: list[Student], staff: Staff) -> None:
    with db.writing():
        for student in students:
            AccessCode.enable(student, by=staff)


@contextmanager
def _enabling(home: Path, batch_id: int) -> Iterator[tuple[Callable[[], bool], Callable[[], float]]]:
    """A process of its own that enables the school, as another web worker would; whether it is at work; how long."""
    processes = get_context("spawn")
    line, far_end = processes.Pipe()
    process = processes.Process(target=_enable, args=(home, batch_id, far_end))
    process.start()
    line.recv()
    line.send("go")
    yield lambda: not line.poll(), line.recv
    process.join()


def _enable(home: Path, batch_id: int, line: Connection) -> None:
    app = create_app(Settings.read(home=home, base_url="http://localhost", staff_second_factor="off"))
    with app.app_context():
        staff, batch = db.session.scalars(select(Staff)).one(), db.session.get_one(Batch, batch_id)
        line.send("ready")
        line.recv()
        line.send(_seconds(lambda: make_codes(batch, by=staff)))


def _p95(browser: FlaskClient, goes_on: Callable[[int], bool]) -> float:
    seen: list[float] = []
    while goes_on(len(seen)):
        seen.append(_seconds(lambda: _get(browser, "/students")))
    return quantiles(seen, n=20)[-1]


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def _get(browser: FlaskClient, address: str) -> bytes:
    answer = browser.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    return answer.data
