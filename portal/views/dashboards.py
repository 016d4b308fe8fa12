"""A school at a glance, for those who see it as a whole."""

from typing import Any

from flask import Blueprint

from portal.forms.dashboards import GroupingForm
from portal.models import School
from portal.models.figures.dashboard import all_of, duties_at, groups_of
from portal.policy.permissions import Permission
from portal.web import htmx
from portal.web.current_school import place_for
from portal.web.guard import requires

bp = Blueprint("dashboards", __name__)


@bp.get("/dashboard")
@requires(Permission.VIEW_DASHBOARD)
def show() -> Any:
    school = place_for(Permission.VIEW_DASHBOARD).school
    figures = _figures(school, GroupingForm.of_request()) if school else {}
    return htmx.render("dashboards/show.html", "groups", school=school, **figures)


def _figures(school: School, form: GroupingForm) -> dict[str, Any]:
    groups = groups_of(school, form.by.data)
    return {"form": form, "groups": groups, "all": all_of(groups), "duties": duties_at(school)}
