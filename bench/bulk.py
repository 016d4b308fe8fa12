"""P6: a whole school enabled at once, beside a loop over its rows; and what a list costs meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import quantiles

from flask import Flask
from sqlalchemy import select

from bench.rig import profiling
from bench.rig.browsing import opening
from bench.rig.district import browser_of, office, portal_with
from bench.rig.empty import settings_of
from bench.rig.report import Report
from bench.rig.scale import FULL, Scale
from bench.rig.stopwatch import seconds_of
from portal import db
from portal.app import create_app
from portal.models import AccessCode, Batch, Student
from portal.models.codes.bulk import make_codes
from portal.models.codes.outcome import Act
from portal.models.students.filter import StudentFilter
from portal.models.students.selection import Selection

SCHOOL, LOOKS = 10_000, 200


def run(report: Report, scale: Scale) -> None:
    """A school of 10,000 without codes, enabled by another process while the list is opened again and again."""
    school, looks = (
        (scale.of(SCHOOL, smallest=100), LOOKS) if scale is FULL else (scale.of(1_000, smallest=40), 20)
    )
    with portal_with(school, schools=2, others=school // 10, codes=False) as app:
        _measure(app, report, school, looks)


def _measure(app: Flask, report: Report, school: int, looks: int) -> None:
    """The slow loop runs over the other school, whose time is taken for a tenth of the school's."""
    with app.app_context():
        others = db.session.scalars(select(Student).where(Student.school_id == 2)).all()
        loop = seconds_of(lambda: _one_by_one(others)) * school / len(others)
        batch_id, browser = _plan().id, browser_of(app, office())
        settings = app.extensions["settings"]
    look = opening(browser, "/students")
    look()
    idle = _p95(look, lambda seen: seen < looks)
    with _enabling((settings.home, settings.database_url), batch_id) as (is_going_on, seconds):
        busy = _p95(look, lambda seen: is_going_on() or seen < looks // 4)
    report.at_most("P6 enable 10,000, share of a row-by-row loop", seconds() / loop, 0.1)
    report.at_most("P6 list p95 during it, in idle p95", busy / idle, 2)


def _plan() -> Batch:
    clerk = office()
    with db.writing():
        return Batch.plan(Act.ENABLE, Selection.of(StudentFilter(), ids=(), everyone=True), by=clerk)


def _one_by_one(students: list[Student]) -> None:
    clerk = office()
    with profiling.section("row by row"), db.writing():
        for student in students:
            AccessCode.enable(student, by=clerk)


@contextmanager
def _enabling(
    place: tuple[Path, str], batch_id: int
) -> Iterator[tuple[Callable[[], bool], Callable[[], float]]]:
    """A process of its own that enables the school, as another web worker would; whether it is at work; how long."""
    processes = get_context("spawn")
    line, far_end = processes.Pipe()
    process = processes.Process(target=_enable, args=(place, batch_id, far_end))
    process.start()
    line.recv()
    line.send("go")
    yield lambda: not line.poll(), line.recv
    process.join()


def _enable(place: tuple[Path, str], batch_id: int, line: Connection) -> None:
    app = create_app(settings_of(*place))
    with app.app_context():
        clerk, batch = office(), db.session.get_one(Batch, batch_id)
        line.send("ready")
        line.recv()
        line.send(seconds_of(lambda: make_codes(batch, by=clerk)))


def _p95(look: Callable[[], None], goes_on: Callable[[int], bool]) -> float:
    seen: list[float] = []
    while goes_on(len(seen)):
        seen.append(seconds_of(look))
    return quantiles(seen, n=20)[-1]
