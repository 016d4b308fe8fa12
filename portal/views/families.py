"""The guardian's own page: their children."""

from flask import Blueprint, g

from portal import htmx
from portal.guard import requires
from portal.models import Student
from portal.permissions import Permission

bp = Blueprint("families", __name__)


@bp.get("/family")
@requires(Permission.VIEW_CHILD)
def show() -> str:
    return htmx.render("families/show.html", children=Student.children_of(g.account))
