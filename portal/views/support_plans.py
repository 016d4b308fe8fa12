"""Batch Actions → Add to a support: which support it is to be, before anybody is added."""

from typing import Any

from flask import Blueprint, g, request, url_for

from portal.db import Refused
from portal.forms.selections import sent_selection
from portal.forms.support_batches import SupportBatchForm
from portal.models import School
from portal.models.grid.filter import GridWanted
from portal.models.students.filter import Wanted
from portal.models.students.selection import Description, Selection
from portal.models.supports.batch import open_supports, plan_of
from portal.policy.permissions import Permission
from portal.views.students import sees_status
from portal.web import htmx
from portal.web.guard import requires

bp = Blueprint("support_plans", __name__)

#: Where students can be ticked; each list has search fields of its own.
LISTS = "students, grid"


@bp.post(f"/schools/<school_id>/<any({LISTS}):listing>/supports/plan")
@requires(Permission.CREATE_SUPPORT, on=School, writes_itself=True)
def create(school: School, listing: str) -> Any:
    wanted = wanted_of(listing, school)
    try:
        return shown(SupportBatchForm.among(open_supports(school)), listing, school, sent_selection(wanted))
    except Refused as refusal:
        return back_to_ticks(wanted, refusal)


def shown(form: SupportBatchForm, listing: str, school: School, selection: Selection) -> Any:
    """The page that asks which support, and says for how many. Raises Refused as `plan_of`."""
    plan = plan_of(selection, by=g.account)
    form.seen = plan.seen
    words = {"form": form, "listing": listing, "school": school, "selection": selection, "plan": plan}
    return htmx.render(
        "support_batches/create.html", "placement", back=_ticks(selection.wanted), **words
    ), form.status


def wanted_of(listing: str, school: School) -> Wanted | GridWanted:
    """What the list that sent them was narrowed to."""
    if listing == "grid":
        return GridWanted.read(request.form, school, sees_guardians=sees_status())
    return Wanted.read(request.form)._replace(school=school.public_id, status=None)


def back_to_ticks(wanted: Description, refusal: Refused) -> Any:
    """To the list, which says why nothing came of it."""
    htmx.tell(str(refusal), "warning")
    return htmx.go_to(_ticks(wanted))


def _ticks(wanted: Description) -> str:
    """The list as it was, with its check boxes."""
    endpoint = "grids.index" if isinstance(wanted, GridWanted) else "students.index"
    address: dict[str, Any] = {**wanted.query, "select": 1}
    return url_for(endpoint, **address)
