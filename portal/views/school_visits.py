"""Who of the network looked into the school."""

from typing import Any

from flask import Blueprint

from portal import db, htmx
from portal.guard import requires
from portal.models.school_visit import visits_to
from portal.permissions import Permission
from portal.place import place_for

bp = Blueprint("school_visits", __name__)

SHOWN = 100


@bp.get("/settings/visits")
@requires(Permission.MANAGE_USERS)
def index() -> Any:
    school = place_for(Permission.MANAGE_USERS).school
    visits = db.session.execute(visits_to(school, SHOWN)).all() if school else []
    return htmx.render("school_visits/index.html", school=school, visits=visits)
