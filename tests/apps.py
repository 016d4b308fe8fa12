"""Further applications on the test's database: with other settings, or with views that go wrong on purpose."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from flask import Blueprint, Flask, request, session
from sqlalchemy import text

from portal import db
from portal.app import create_app
from portal.config import Settings
from portal.db import Refused
from portal.models import Event, EventKind, Student
from portal.models.accounts import throttle
from portal.policy.permissions import Permission
from portal.web import headers, htmx
from portal.web.disclosures import disclose
from portal.web.guard import public, requires
from tests.browsing import Browser

bp = Blueprint("edges", __name__, url_prefix="/edges")

#: What happens, once, while the next page about a student is made.
meanwhile: list[Callable[[], object]] = []

#: What may become of a form after its first half was written.
ENDINGS: dict[str, Callable[[], Any]] = {
    "returned": lambda: "done",
    "refused": lambda: _raise(Refused("The rules say no.")),
    "crashed": lambda: 1 / 0,
    "crashed-after-saving": lambda: (db.commit_now(), 1 / 0),
}


@contextmanager
def another(settings: Settings, **changes: Any) -> Iterator[Flask]:
    """The application with `changes` to its settings and the views below; errors become pages, as in production."""
    app = create_app(replace(settings, **changes))
    app.test_client_class = Browser
    app.register_blueprint(bp)
    try:
        yield app
    finally:
        throttle.school_networks = settings.networks_of_schools
        with app.app_context():
            for engine in db.db.engines.values():
                engine.dispose()


@bp.get("/undeclared")
def undeclared() -> str:
    return "open to everybody"


@bp.get("/address")
@public
def address() -> str:
    return headers.client_address()


@bp.get("/students/<student_id>")
@requires(Permission.VIEW_STUDENT, on=Student)
def show(student: Student) -> str:
    disclose(EventKind.STUDENT_VIEWED, student)
    while meanwhile:
        meanwhile.pop()()
    db.session.execute(text("SELECT 1"))
    return student.name


@bp.post("/students/<student_id>")
@requires(Permission.MANAGE_CODES, on=Student)
def update(student: Student) -> str:
    student.guardian_limit += 1
    return student.name


@bp.post("/forms/<ending>")
@public
def create(ending: str) -> Any:
    """Write the first half of something, then end in the way that is asked for."""
    session["seen"] = True
    Event.record(EventKind.WRONG_CODE_TRIED, ending=ending, reason=request.form.get("reason", ""))
    return ENDINGS[ending]()


@bp.get("/writes")
@public
def writes() -> str:
    """A GET that tries to write."""
    db.session.execute(text("UPDATE students SET guardian_limit = 99"))
    return "written"


@bp.get("/pages")
@public
def pages() -> str:
    htmx.flash("Saved.")
    return htmx.render(
        "errors/error.html", "error", status=200, title="A page", sentence="", retry_after=None
    )


def _raise(error: Exception) -> None:
    raise error
