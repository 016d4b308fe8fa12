"""Batch Actions → Add to a support: which support it is to be, before anybody is added."""

from typing import Any

from flask import Blueprint, g, request, url_for

from portal import htmx
from portal.db import Refused
from portal.forms.selections import sent_selection
from portal.forms.support_batches import SupportBatchForm
from portal.guard import requires
from portal.models import School
from portal.models.grid_wanted import GridWanted
from portal.models.selection import Selection
from portal.models.support_batch import open_supports, plan_of
from portal.permissions import Permission
from portal.views.students import sees_status

bp = Blueprint("support_plans", __name__)

GRID = "grid"

#: What both lists narrow by and keep when one comes back to the ticks.
ABOUT_THE_LIST = {"q", "grade", "homeroom", "sort"}


@bp.post("/schools/<school_id>/supports/plan")
@requires(Permission.CREATE_SUPPORT, on=School, writes_itself=True)
def create(school: School) -> Any:
    try:
        return shown(SupportBatchForm.among(open_supports(school)), school, selection_at(school))
    except Refused as refusal:
        return back_to_ticks(school, refusal)


def shown(form: SupportBatchForm, school: School, selection: Selection) -> Any:
    """The page that asks which support, and says for how many. Raises Refused as `plan_of`."""
    plan = plan_of(selection, by=g.account)
    form.shown.data = plan.chosen
    words = {"form": form, "school": school, "selection": selection, "plan": plan}
    words |= {"is_from_grid": _is_from_grid(), "back": _ticks(school)}
    return htmx.render("support_batches/create.html", "placement", **words), form.status


def selection_at(school: School) -> Selection:
    """Who was chosen on the list that sent them. Raises Refused as `Selection.of`."""
    if not _is_from_grid():
        return sent_selection(school)
    wanted = GridWanted.read(request.form, school, sees_guardians=sees_status())
    everyone = bool(request.form.get("all"))
    return Selection.of(wanted, ids=request.form.getlist("ids"), everyone=everyone)


def back_to_ticks(school: School, refusal: Refused) -> Any:
    """To the list, which says why nothing came of it."""
    htmx.tell(str(refusal), "warning")
    return htmx.go_to(_ticks(school))


def _ticks(school: School) -> str:
    """The list it came from, as it was, with its check boxes."""
    sent = {name: value for name, value in request.form.items() if name in ABOUT_THE_LIST}
    address: dict[str, Any] = {**sent, "school": school.public_id, "select": 1}
    return url_for("grids.index" if _is_from_grid() else "students.index", **address)


def _is_from_grid() -> bool:
    return request.form.get("list") == GRID
