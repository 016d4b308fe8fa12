"""Batch Actions of the Data Grid: what the chosen students have now, before anything is changed."""

from typing import Any

from flask import Blueprint, g, request

from portal.db import Refused
from portal.forms.grid_changes import GridChangeForm
from portal.forms.selections import sent_selection
from portal.models.grid.change import Plan, plan_of
from portal.models.grid.filter import GridWanted
from portal.models.students.selection import Selection
from portal.policy.permissions import Permission
from portal.views.grids import grid_address, sent_wanted
from portal.web import htmx
from portal.web.guard import requires

bp = Blueprint("grid_plans", __name__)


@bp.post("/students/grid/plan")
@requires(Permission.EDIT_STUDENT, writes_itself=True)
def create() -> Any:
    wanted = sent_wanted(Permission.EDIT_STUDENT)
    try:
        selection = sent_selection(wanted)
        plan = plan_of(selection, request.form.get("field", ""), by=g.account)
    except Refused as refusal:
        return back_to_ticks(wanted, refusal)
    return shown(GridChangeForm.of(plan.column.name, wanted.school), plan, selection)


def shown(form: GridChangeForm, plan: Plan, selection: Selection) -> Any:
    """The page that says what would be changed."""
    form.start(plan)
    words = {"form": form, "plan": plan, "selection": selection}
    return htmx.render("grid_changes/create.html", "change", **words), form.status


def back_to_ticks(wanted: GridWanted, refusal: Refused) -> Any:
    """To the list, which says why nothing came of it."""
    htmx.tell(str(refusal))
    return htmx.go_to(grid_address(wanted, select=1))
