"""Who has seen what. A GET cannot write, so what it showed is recorded once its page is made."""

from collections.abc import Callable
from typing import Any, NamedTuple

import structlog
from flask import Flask, Response, g, request
from sqlalchemy.exc import DBAPIError

from portal import db
from portal.models import Event, EventKind, SignIn, Student
from portal.models.accounts.alarms import REVEALS, reveal

log = structlog.get_logger(__name__)


class _Viewer(NamedTuple):
    """The part of an account that an event records; the row itself would be read again."""

    id: int
    acting_from: str | None


def disclose(kind: EventKind, student: Student, **details: Any) -> None:
    """Have an event of `kind` written when the page about `student` has been made."""
    by = _Viewer(g.account.id, g.account.acting_from)
    student_id = student.id
    record = reveal if kind in REVEALS else Event.record
    write_afterwards(lambda: record(kind, by=by, student_id=student_id, **details))


def write_afterwards(write: Callable[[], None]) -> None:
    """Have `write` called in one transaction with what the page disclosed, once the page has been made."""
    g.setdefault("disclosed", []).append(write)


def init_app(app: Flask) -> None:
    @app.after_request
    def write(response: Response) -> Response:
        if not _has_shown(response):
            g.pop("disclosed", None)
        stale = g.sign_in.id if "sign_in" in g and g.sign_in.is_stale and response.status_code < 400 else None
        if "disclosed" in g or stale:
            _write_down(stale)
        return response


def _has_shown(response: Response) -> bool:
    """Whether this is a page to read: one that was asked for, or a form that was refused and is shown again.

    An act that was done is recorded as itself.
    """
    return response.status_code == 422 or (request.method == "GET" and response.status_code < 400)


def _write_down(stale: int | None) -> None:
    """Record what the page disclosed. If the database takes no writes, log that and let the page go out."""
    try:
        with db.writing():
            for write in g.pop("disclosed", ()):
                write()
            if stale:
                SignIn.see(stale)
    except DBAPIError as error:
        log.error("disclosure not recorded", reason=type(error.orig).__name__)
