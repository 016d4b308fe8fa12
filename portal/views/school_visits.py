"""Who of the network looked into the school."""

from typing import Any

from flask import Blueprint

from portal.models.schools.visit import visits_to
from portal.policy.permissions import Permission
from portal.web import htmx
from portal.web.current_school import place_for
from portal.web.guard import requires

bp = Blueprint("school_visits", __name__)


@bp.get("/settings/visits")
@requires(Permission.MANAGE_USERS)
def index() -> Any:
    school = place_for(Permission.MANAGE_USERS).school
    visits = visits_to(school) if school else []
    return htmx.render("school_visits/index.html", school=school, visits=visits)
