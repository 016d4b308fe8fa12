"""Batch Actions > Add to a support: which one, and then all who were chosen, or none."""

from typing import Any

from flask import g, request, url_for

from portal.db import Refused
from portal.forms.selection import sent_selection
from portal.forms.support_students import SupportBatchForm
from portal.models import School
from portal.models.grid.filter import GridFilter
from portal.models.rows import Done
from portal.models.students.filter import StudentFilter
from portal.models.students.selection import ListFilter, Selection
from portal.models.supports.batch import open_supports, place_all, plan_of
from portal.policy.permissions import Permission
from portal.views.blueprints import supports as bp
from portal.views.students.students import sees_status
from portal.views.supports.students import sentence_about
from portal.views.supports.supports import back_to
from portal.web import htmx
from portal.web.guard import requires

#: Where students can be ticked; each list has search fields of its own.
LISTS = "students, grid"


@bp.post(f"/schools/<school_id>/<any({LISTS}):listing>/supports/plan")
@requires(Permission.CREATE_SUPPORT, on=School, writes_itself=True)
def plan_batch(school: School, listing: str) -> Any:
    """Ask into which support the chosen students go."""
    list_filter = sent_list_filter(listing, school)
    try:
        return shown(
            SupportBatchForm.among(open_supports(school)), listing, school, sent_selection(list_filter)
        )
    except Refused as refusal:
        return back_to_ticks(list_filter, refusal)


def shown(form: SupportBatchForm, listing: str, school: School, selection: Selection) -> Any:
    """The page that asks which support, and says for how many. Raises Refused as `plan_of`."""
    plan = plan_of(selection, by=g.account)
    form.seen = plan.seen
    context = {"form": form, "listing": listing, "school": school, "selection": selection, "plan": plan}
    return htmx.render(
        "supports/batch.html", "placement", back=_ticks(selection.list_filter), **context
    ), form.status


def sent_list_filter(listing: str, school: School) -> StudentFilter | GridFilter:
    """What the list that sent them was narrowed to."""
    if listing == "grid":
        return GridFilter.from_query(request.form, school, sees_guardians=sees_status())
    return StudentFilter.from_query(request.form)._replace(school=school.public_id, status=None)


def back_to_ticks(list_filter: ListFilter, refusal: Refused) -> Any:
    """To the list, which says why nothing came of it."""
    htmx.flash(str(refusal), "warning")
    return htmx.redirect(_ticks(list_filter))


def _ticks(list_filter: ListFilter) -> str:
    """The list as it was, with its check boxes."""
    endpoint = "grid.index" if isinstance(list_filter, GridFilter) else "students.index"
    address: dict[str, Any] = {**list_filter.query, "select": 1}
    return url_for(endpoint, **address)


@bp.post(f"/schools/<school_id>/<any({LISTS}):listing>/supports/batch")
@requires(Permission.CREATE_SUPPORT, on=School, writes_itself=True)
def confirm_batch(school: School, listing: str) -> Any:
    """Put all chosen students into one support, or none."""
    form, list_filter = SupportBatchForm.among(open_supports(school)), sent_list_filter(listing, school)
    try:
        selection = sent_selection(list_filter)
        if form.validate() and (done := _done(form, selection)):
            htmx.flash(sentence_about(done))
            return back_to(form.into.row)
        return shown(form, listing, school, selection)
    except Refused as refusal:
        return back_to_ticks(list_filter, refusal)


def _done(form: SupportBatchForm, selection: Selection) -> Done | None:
    support, seen = form.into.row, form.seen
    return form.attempt(lambda: place_all(selection, support, days=form.days, seen=seen, by=g.account))
