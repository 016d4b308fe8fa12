"""The board at the top of Student/Parent Portal Access: how far the families are reached."""

from typing import Any

from flask import Blueprint, g

from portal.models.figures.coverage import coverage_of
from portal.policy.permissions import Permission
from portal.web import htmx
from portal.web.current_school import place_for
from portal.web.guard import requires

bp = Blueprint("coverages", __name__)


@bp.get("/portal-access/coverage")
@requires(Permission.MANAGE_CODES)
def show() -> Any:
    school = place_for(Permission.MANAGE_CODES).school
    coverage = coverage_of(school, by=g.account) if school else None
    return htmx.render("coverages/show.html", "coverage", school=school, coverage=coverage)
