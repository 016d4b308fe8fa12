"""Who has seen what. A GET cannot write, so what it showed is recorded once its page is made."""

from typing import Any

import structlog
from flask import Flask, Response, g, request
from sqlalchemy.exc import DBAPIError

from portal.models import EventKind, Student
from portal.models.disclosure import disclosure, record

log = structlog.get_logger(__name__)


def disclose(kind: EventKind, student: Student | None = None, **details: Any) -> None:
    """Have an event of `kind` written when the page, which may be about `student`, has been made."""
    student_id = student.id if student else None
    g.setdefault("disclosed", []).append(disclosure(kind, by=g.account, student_id=student_id, **details))


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
    """Record what the page disclosed. If nothing takes it, log that and let the page go out."""
    try:
        record(g.pop("disclosed", ()), seen=stale)
    except (DBAPIError, OSError) as error:
        reason = error.orig if isinstance(error, DBAPIError) else error
        log.error("disclosure not recorded", reason=type(reason).__name__)
