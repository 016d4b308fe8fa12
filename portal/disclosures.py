"""Who has seen what. A GET cannot write, so what it showed is recorded once its page is made."""

import structlog
from flask import Flask, Response, g
from sqlalchemy.exc import DBAPIError

from portal import db
from portal.models import Event, EventKind, SignIn, Student

log = structlog.get_logger(__name__)


def disclose(kind: EventKind, student: Student, **details: int | str) -> None:
    """Have an event of `kind` written when the page about `student` has been made."""
    g.setdefault("disclosed", []).append((kind, student.id, details))


def init_app(app: Flask) -> None:
    @app.after_request
    def write(response: Response) -> Response:
        if response.status_code < 400:
            stale = g.sign_in.id if "sign_in" in g and g.sign_in.is_stale else None
            if "disclosed" in g or stale:
                _write_down(stale)
        return response


def _write_down(stale: int | None) -> None:
    """A full disk or a database that takes no writes keeps nobody from reading: it is logged, the page goes out."""
    by = g.account
    try:
        with db.writing():
            for kind, student_id, details in g.pop("disclosed", ()):
                Event.record(kind, by=by, student_id=student_id, **details)
            if stale:
                SignIn.see(stale)
    except DBAPIError as error:
        log.error("disclosure not recorded", reason=type(error.orig).__name__)
