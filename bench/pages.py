"""P2, P3, P10: what pages cost in hellos, how they grow with the number of students, how large they are."""

import gzip

from flask.testing import FlaskClient
from sqlalchemy import select

from bench.district import browser_of, portal_with
from bench.hello import in_hellos
from bench.report import Report
from portal import db
from portal.models import AccessCode, Guardian, Staff, Student
from portal.models.guardians.redemption import redeem

LIST, SEARCH = "/students", "/students?q=okafor"


def run(report: Report) -> None:
    """Pages at 2,000 students in one school, then the list, tab and search at ten and a hundred times that."""
    small = _costs(2_000, schools=1, report=report)
    large = _costs(20_000, schools=1)
    huge = _costs(200_000, schools=1)
    many = _costs(2_000, schools=10)
    report.at_most("P3 list, 10x students in one school", large["list"] / small["list"], 1.3)
    report.at_most("P3 list, 100x students in one school", huge["list"] / small["list"], 1.3)
    report.at_most("P3 search, 10x students in one school", large["search"] / small["search"], 2)
    report.at_most("P3 tab, 10x students in one school", large["tab"] / small["tab"], 1.15)
    for page in ("list", "tab", "search"):
        report.at_most(f"P3 {page}, 10x schools", many[page] / small[page], 1.15)


def _costs(students: int, *, schools: int, report: Report | None = None) -> dict[str, float]:
    with portal_with(students, schools=schools) as app:
        with app.app_context():
            staff = db.session.scalars(select(Staff)).one()
            student = db.session.scalars(select(Student).order_by(Student.id).limit(1)).one()
            guardian = _pair(student, staff)
            office, phone = browser_of(app, staff), browser_of(app, guardian)
            tab = f"/students/{student.public_id}/portal-access"
        costs = in_hellos(
            {
                "list": lambda: _get(office, LIST),
                "search": lambda: _get(office, SEARCH),
                "tab": lambda: _get(office, tab),
                "family": lambda: _get(phone, "/family"),
            }
        )
        if report:
            _report(report, costs, _get(office, LIST), _get(office, tab))
        return costs


def _pair(student: Student, staff: Staff) -> Guardian:
    guardian = Guardian(given_name="Grace", family_name="Okafor", email="grace@example.org")
    with db.writing():
        db.session.add(guardian)
        db.session.flush()
        code = AccessCode.enable(student, by=staff).text
        redeem([code], by=guardian, address="127.0.0.1")
    return guardian


def _report(report: Report, costs: dict[str, float], list_page: bytes, tab: bytes) -> None:
    for page, goal in (("tab", 25), ("list", 45), ("search", 70), ("family", 25)):
        report.at_most(f"P2 {page}, hellos", costs[page], goal)
    report.at_most("P10 list of 50 rows, bytes", len(list_page), 20_480)
    report.at_most("P10 list of 50 rows, bytes gzipped", len(gzip.compress(list_page)), 4_096)
    report.at_most("P10 tab, bytes", len(tab), 8_192)


def _get(browser: FlaskClient, address: str) -> bytes:
    answer = browser.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    return answer.data
