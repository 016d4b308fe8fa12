"""The Data Grid and the dashboard: what a page costs in hellos, and how it grows with the number of students."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask.testing import FlaskClient
from sqlalchemy import insert, select

from bench.district import browser_of, portal_with
from bench.hello import in_hellos
from bench.report import Report
from portal import db
from portal.models import AttendanceYear, SchoolYear, Staff, Student

#: The addresses that are measured, and the most hellos that each may cost at 5,000 students.
PAGES = {
    "grid of 100 rows": ("/students/grid", 150),
    "grid by days absent": ("/students/grid?sort=-absent", 250),
    "grid of one status": ("/students/grid?status=not_enabled", 200),
    "dashboard": ("/dashboard", 300),
}


def run(report: Report) -> None:
    """At 5,000 students in one school, and at ten times as many: in turns, so that both meet the same machine."""
    with _school_of(5_000) as small, _school_of(50_000) as large:
        grid = next(iter(PAGES))
        costs = in_hellos({**small, "larger grid": large[grid]})
    for page, (_address, goal) in PAGES.items():
        report.at_most(f"{page}, hellos at 5,000 students", costs[page], goal)
    report.at_most(f"{grid}, 10x students in one school", costs["larger grid"] / costs[grid], 1.3)


@contextmanager
def _school_of(students: int) -> Iterator[dict[str, Callable[[], None]]]:
    """How to open each page there."""
    with portal_with(students) as app:
        with app.app_context():
            _attend()
            office = browser_of(app, db.session.scalars(select(Staff)).one())
        yield {page: _opening(office, address) for page, (address, _goal) in PAGES.items()}


def _attend() -> None:
    """Sixty known days for each student."""
    with db.writing():
        year = db.session.scalars(select(SchoolYear.year).limit(1)).one()
        counts = {"year": year, "days": 60, "late": 1, "excused": 0}
        ids = db.session.scalars(select(Student.id)).all()
        rows = [counts | {"student_id": i, "present": 59 - i % 9, "absent": i % 9} for i in ids]
        db.session.execute(insert(AttendanceYear), rows)


def _opening(browser: FlaskClient, address: str) -> Callable[[], None]:
    def opened() -> None:
        answer = browser.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")

    return opened
