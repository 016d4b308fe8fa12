"""What a person sees when something does not work: what happened, and what to do."""

import structlog
from flask import Flask, g, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import BadRequest, HTTPException, InternalServerError, NotFound, SecurityError

from portal.db import Refused, has_committed, session
from portal.models.accounts.throttle import TooManyTries
from portal.models.students.selection import OutOfReach
from portal.text.language import gettext as _
from portal.web import htmx
from portal.web.htmx import Answer

#: In the WSGI environment: the status with which the server refuses a request that it hands on for its answer only.
REFUSED = "portal.refused"

#: Seconds after which a request that was refused because too many waited may come again.
SECONDS_TO_WAIT = 10

log = structlog.get_logger(__name__)


class TooBusy(Refused):
    """So much of this is being done at the moment that no more is begun: try again after so many `seconds`."""

    def __init__(self, sentence: str, *, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(sentence)


def init_app(app: Flask) -> None:
    app.before_request(_refuse)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(SecurityError, _wrong_host)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(TooBusy, _too_busy)
    app.register_error_handler(OutOfReach, _out_of_reach)
    app.register_error_handler(DataError, _unreadable)
    app.register_error_handler(OperationalError, _database_unavailable)
    app.register_error_handler(InternalServerError, _crash)


def _refuse() -> Answer | None:
    """Answer for the server, in its place: this request was too large, too slow or one too many."""
    status = request.environ.get(REFUSED)
    if not status:
        return None
    wait = {"Retry-After": str(SECONDS_TO_WAIT)} if status == 503 else {}
    return _page(status, *_words()[status], wait)


def _http_error(error: HTTPException) -> Answer:
    title, sentence = _words().get(error.code or 500, _words()[500])
    return _page(error.code or 500, title, sentence)


def _wrong_host(_error: SecurityError) -> Answer:
    """Answer in plain text: for a host that is not ours, no address on a page can be made."""
    return (
        _("The portal does not answer to this address."),
        400,
        {"Content-Type": "text/plain; charset=utf-8"},
    )


def _stale_form(_error: CSRFError) -> Answer:
    return _page(
        400,
        _("This page is out of date"),
        _(
            "It was open for long, or you signed out or in anew in another tab. Nothing was changed. "
            "Copy what you typed, reload the page and try again."
        ),
    )


def _refused(refusal: Refused) -> Answer:
    wait = {"Retry-After": str(refusal.seconds)} if isinstance(refusal, TooManyTries) else {}
    return _page(429 if wait else 409, _("This could not be done"), str(refusal), wait)


def _too_busy(refusal: TooBusy) -> Answer:
    wait = {"Retry-After": str(refusal.seconds)}
    return _page(503, _("This could not be done"), _or_saved(str(refusal)), wait)


def _out_of_reach(_error: OutOfReach) -> Answer:
    return _http_error(NotFound())


def _unreadable(_error: DataError) -> Answer:
    """Something was sent that no column can hold, such as a NUL on PostgreSQL."""
    return _http_error(BadRequest())


def _database_unavailable(error: OperationalError) -> Answer:
    log.error("database unavailable", reason=type(error.orig).__name__, endpoint=request.endpoint)
    g.account = None  # the page must not ask the database who is reading it
    sentence = _(
        "Nothing was saved. Please try again in a few minutes; if it stays like this, tell the school."
    )
    return _page(503, _("The portal cannot save at the moment"), _or_saved(sentence), {"Retry-After": "60"})


def _crash(_error: InternalServerError) -> Answer:
    title, sentence = _words()[500]
    return _page(500, title, _or_saved(sentence))


def _or_saved(sentence: str) -> str:
    """`sentence`, which says that nothing was saved, unless something was before it went wrong."""
    if not has_committed():
        return sentence
    return _("Please look whether it was saved before you try again. If it happens again, tell the school.")


def _page(status: int, title: str, sentence: str, headers: dict[str, str] | None = None) -> Answer:
    session.rollback()
    context = {
        "status": status,
        "title": title,
        "sentence": sentence,
        "retry_after": (headers or {}).get("Retry-After"),
    }
    page = htmx.render("errors/error.html", "error", **context)
    return page, status, headers or {}


def _words() -> dict[int, tuple[str, str]]:
    return {
        400: (_("That did not work"), _("The request was not complete. Go back and try again.")),
        403: (
            _("Not for this account"),
            _(
                "Your access level does not include this page. An admin of your school or network can change it."
            ),
        ),
        404: (_("Nothing here"), _("The address may be mistyped, or the page is not for this account.")),
        405: (_("That did not work"), _("This address cannot be used in that way. Go back and try again.")),
        408: (_("That took too long"), _("The connection was slow. Nothing was changed. Please try again.")),
        413: (_("That file is too large"), _("Choose a smaller file and try again. Nothing was changed.")),
        429: (_("Too many tries"), _("Please wait a little and try again.")),
        500: (
            _("Something went wrong on our side"),
            _("Nothing was changed. Please try again; if it happens again, tell the school."),
        ),
        503: (
            _("Very many people are here right now"),
            _("Nothing was changed. Please wait a moment and try again."),
        ),
    }
