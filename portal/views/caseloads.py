"""My Caseload: whom one sees, and why each of them is there."""

from typing import Any

from flask import Blueprint, g, request

from portal.models.supports.caseload_reasons import sees_caseload_only
from portal.models.supports.my_caseload import caseload_of
from portal.policy.permissions import Permission
from portal.web import htmx
from portal.web.current_school import place_for
from portal.web.guard import requires

bp = Blueprint("caseloads", __name__)


@bp.get("/caseload")
@requires(Permission.VIEW_STUDENT)
def show() -> Any:
    schools, school = place_for()
    typed = request.args.get("q", "")[:100]
    words = {
        "schools": schools,
        "school": school,
        "typed": typed,
        "lines": caseload_of(g.account, school, typed) if school else [],
        "sees_more": not sees_caseload_only(g.account),
    }
    return htmx.render("caseloads/show.html", "results", **words)
