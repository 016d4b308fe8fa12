"""Network users inside a school: a banner says so to them, and a record says so to the school's admins."""

import structlog
from flask import Flask, Response, g, session
from sqlalchemy.exc import DBAPIError

from portal.models import EventKind, School
from portal.models.disclosure import disclosure, record
from portal.policy.permissions import Permission
from portal.web.current_school import current_school

log = structlog.get_logger(__name__)

#: In the cookie of the sign-in: the schools whose admins have been told of it.
TOLD = "visited"


def visited_school() -> School | None:
    """Return the school of this page if the account enters it by a network alone; None for those who work there."""
    account = g.get("account")
    school = current_school()
    if account is None or not account.is_staff or school is None:
        return None
    return None if account.may_at_school(Permission.ENTER_SCHOOL, school.id) else school


def init_app(app: Flask) -> None:
    app.add_template_global(visited_school, "visited_school")
    app.after_request(_write_down)


def _write_down(response: Response) -> Response:
    """Record the visit. If the database takes no writes, log that and let the page go out."""
    school = visited_school() if response.status_code < 400 else None
    if school is None or school.public_id in session.get(TOLD, ()):
        return response
    try:
        record([disclosure(EventKind.SCHOOL_ENTERED, by=g.account, school=school.id)])
        session[TOLD] = [*session.get(TOLD, ()), school.public_id]
    except (DBAPIError, OSError) as error:
        log.error("visit not recorded", reason=type(error).__name__)
    return response
