"""The board at the top of Student/Parent Portal Access: how far the families are reached."""

from typing import Any

from flask import Blueprint, g

from portal import htmx
from portal.guard import requires
from portal.models.coverage import coverage_of
from portal.permissions import Permission
from portal.place import place_for

bp = Blueprint("coverages", __name__)


@bp.get("/portal-access/coverage")
@requires(Permission.MANAGE_CODES)
def show() -> Any:
    school = place_for(Permission.MANAGE_CODES).school
    coverage = coverage_of(school, by=g.account) if school else None
    return htmx.render("coverages/show.html", "coverage", school=school, coverage=coverage)
