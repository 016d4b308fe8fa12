"""Batch Actions > Add to a support: which one, and then all who were chosen, or none."""

from typing import Any

from flask import g, request, url_for

from portal.db import Refused
from portal.forms.selection import sent_selection
from portal.forms.support_students import SupportBatchForm
from portal.models import School
from portal.models.grid.filter import GridWanted
from portal.models.rows import Done
from portal.models.students.filter import Wanted
from portal.models.students.selection import Description, Selection
from portal.models.supports.batch import open_supports, place_all, plan_of
from portal.policy.permissions import Permission
from portal.views.blueprints import supports as bp
from portal.views.students.students import sees_status
from portal.views.supports.students import told
from portal.views.supports.supports import back_to
from portal.web import htmx
from portal.web.guard import requires

#: Where students can be ticked; each list has search fields of its own.
LISTS = "students, grid"


@bp.post(f"/schools/<school_id>/<any({LISTS}):listing>/supports/plan")
@requires(Permission.CREATE_SUPPORT, on=School, writes_itself=True)
def plan_batch(school: School, listing: str) -> Any:
    """Ask into which support the chosen students go."""
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
        "supports/batch.html", "placement", back=_ticks(selection.wanted), **words
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
    endpoint = "grid.index" if isinstance(wanted, GridWanted) else "students.index"
    address: dict[str, Any] = {**wanted.query, "select": 1}
    return url_for(endpoint, **address)


@bp.post(f"/schools/<school_id>/<any({LISTS}):listing>/supports/batch")
@requires(Permission.CREATE_SUPPORT, on=School, writes_itself=True)
def confirm_batch(school: School, listing: str) -> Any:
    """Put all chosen students into one support, or none."""
    form, wanted = SupportBatchForm.among(open_supports(school)), wanted_of(listing, school)
    try:
        selection = sent_selection(wanted)
        if form.validate() and (done := _done(form, selection)):
            htmx.tell(told(done))
            return back_to(form.into.row)
        return shown(form, listing, school, selection)
    except Refused as refusal:
        return back_to_ticks(wanted, refusal)


def _done(form: SupportBatchForm, selection: Selection) -> Done | None:
    support, seen = form.into.row, form.seen
    return form.attempt(lambda: place_all(selection, support, days=form.days, seen=seen, by=g.account))
