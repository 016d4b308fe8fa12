"""The guardian's own page: their children."""

from flask import Blueprint, g

from portal.models import Student
from portal.policy.permissions import Permission
from portal.web import htmx
from portal.web.guard import requires

bp = Blueprint("families", __name__)


@bp.get("/family")
@requires(Permission.VIEW_CHILD)
def show() -> str:
    return htmx.render("families/show.html", children=Student.children_of(g.account))
