"""P1: what a page and a write ask of the database. That this does not grow with the rows is left to the tests."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from bench.rig.browsing import Sending, opening, redemptions, resets, sign_ups, token_on
from bench.rig.district import a_guardian, a_student, browser_of, network_admin, office, portal_with
from bench.rig.report import Report
from bench.rig.scale import Scale
from bench.rig.statements import counted
from portal import db
from portal.models import Batch, Student
from portal.models.codes.bulk import make_codes
from portal.models.codes.outcome import Act
from portal.models.students.filter import StudentFilter
from portal.models.students.selection import Selection

#: The most statements of each page; those below are told without a goal.
GOALS = {"tab": 6, "list": 4, "bulk page": 4, "network": 5, "family": 4}
WRITE, COMMITS = 8, 1


def run(report: Report, scale: Scale) -> None:
    """Pages and forms of a school of 200 students, each asked for once before it counts."""
    with portal_with(scale.of(200, smallest=40), schools=4, others=20) as app:
        for page, ask in _pages(app).items():
            ask()
            with counted() as asked:
                ask()
            if page in GOALS:
                report.at_most(f"P1 {page}, statements", len(asked), GOALS[page])
            else:
                report.told(f"P1 {page}, statements", len(asked))
        for name, (first, second) in _writes(app).items():
            first.send()
            _count_write(report, name, second.send)
        with app.app_context():
            batch, clerk = _plan(), office()
            _count_write(report, "batch", lambda: make_codes(batch, by=clerk), most=None)


def _pages(app: Flask) -> dict[str, Callable[[], None]]:
    with app.app_context():
        student, clerk = a_student().public_id, browser_of(app, office())
        phone, admin = browser_of(app, a_guardian()), browser_of(app, network_admin())
    return {
        "tab": opening(clerk, f"/students/{student}/portal-access"),
        "list": opening(clerk, "/students"),
        "bulk page": opening(clerk, "/portal-access"),
        "network": opening(admin, "/network"),
        "family": opening(phone, "/family"),
        "child's page": opening(phone, f"/family/students/{student}"),
        "student overview": opening(clerk, f"/students/{student}"),
        "grid": opening(clerk, "/students/grid"),
    }


def _writes(app: Flask) -> dict[str, list[Sending]]:
    """Each write twice: the first one warms what is kept."""
    signing_up = sign_ups(app, 4)[2:]  # codes of other children than those that are redeemed
    return {
        "reset": resets(app, 2),
        "redeem": redemptions(app, 2),
        "enable": [_enabling(app, place) for place in (0, 8)],
        "add a note": [_noting(app, place) for place in (0, 1)],
        "sign up": signing_up,
    }


def _enabling(app: Flask, place: int) -> Sending:
    """The student at that place has no code yet."""
    return _on_student(app, place, "notes", "access-code")


def _noting(app: Flask, place: int) -> Sending:
    sending = _on_student(app, place, "notes", "notes")
    return sending._replace(fields=sending.fields | {"text": f"Called home, {place}."})


def _on_student(app: Flask, place: int, page: str, act: str) -> Sending:
    with app.app_context():
        clerk = browser_of(app, office())
        students = select(Student.public_id).where(Student.school_id == 1).order_by(Student.id)
        address = f"/students/{db.session.scalars(students.offset(place).limit(1)).one()}"
    token = token_on(clerk.get(f"{address}/{page}").text)
    return Sending(clerk, f"{address}/{act}", {"csrf_token": token})


def _plan() -> Batch:
    clerk = office()
    with db.writing():
        return Batch.plan(Act.ENABLE, Selection.of(StudentFilter(), ids=(), everyone=True), by=clerk)


def _count_write(report: Report, name: str, write: Callable[[], object], most: int | None = WRITE) -> None:
    with counted() as asked:
        write()
    if most:
        report.at_most(f"P1 {name}, statements", len(asked), most)
    else:
        report.told(f"P1 {name}, statements", len(asked))
    report.at_most(f"P1 {name}, commits", asked.commits, COMMITS)
