"""Batch Actions → Add to a support: all who were chosen, or none."""

from typing import Any

from flask import Blueprint, g

from portal.db import Refused
from portal.forms.selections import sent_selection
from portal.forms.support_batches import SupportBatchForm
from portal.models import School
from portal.models.rows import Done
from portal.models.students.selection import Selection
from portal.models.supports.batch import open_supports, place_all
from portal.policy.permissions import Permission
from portal.views.support_plans import LISTS, back_to_ticks, shown, wanted_of
from portal.views.support_students import told
from portal.views.supports import back_to
from portal.web import htmx
from portal.web.guard import requires

bp = Blueprint("support_batches", __name__)


@bp.post(f"/schools/<school_id>/<any({LISTS}):listing>/supports/batch")
@requires(Permission.CREATE_SUPPORT, on=School, writes_itself=True)
def create(school: School, listing: str) -> Any:
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
