"""Who of the network looked into the school."""

from typing import Any

from flask import Blueprint

from portal import htmx
from portal.guard import requires
from portal.models.school_visit import visits_to
from portal.permissions import Permission
from portal.place import place_for

bp = Blueprint("school_visits", __name__)


@bp.get("/settings/visits")
@requires(Permission.MANAGE_USERS)
def index() -> Any:
    school = place_for(Permission.MANAGE_USERS).school
    visits = visits_to(school) if school else []
    return htmx.render("school_visits/index.html", school=school, visits=visits)
