"""Settings > Caseloads: roles that need somebody new, and gaps in the roster that leave caseloads empty."""

from typing import Any

from flask import Blueprint, abort, g

from portal.models.supports.caseload_report import caseload_report
from portal.policy.permissions import Permission
from portal.web import htmx
from portal.web.current_school import place_for
from portal.web.guard import requires

bp = Blueprint("caseload_reports", __name__)


@bp.get("/settings/caseloads")
@requires(Permission.IMPORT_ROSTER)
def show() -> Any:
    schools, school = place_for(Permission.IMPORT_ROSTER)
    report = caseload_report(school or abort(404), by=g.account)
    return htmx.render("caseload_reports/show.html", schools=schools, school=school, report=report)
