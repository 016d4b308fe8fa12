"""Batch Actions of the Data Grid: what the chosen students have now, and changing it for all or for none."""

from typing import Any

from flask import g, request

from portal.db import Refused
from portal.forms.grid_change import GridChangeForm
from portal.forms.selection import sent_selection
from portal.models import School
from portal.models.grid.change import SETTABLE, Plan, plan_of, set_for_all
from portal.models.grid.filter import GridFilter
from portal.models.rows import Done
from portal.models.students.selection import Selection
from portal.policy.permissions import Permission
from portal.text.language import ngettext
from portal.views.blueprints import grid as bp
from portal.views.grid.page import grid_address, sent_grid_filter
from portal.web import htmx
from portal.web.guard import requires


@bp.post("/students/grid/plan")
@requires(Permission.EDIT_STUDENT, writes_itself=True)
def plan_change() -> Any:
    """Show what the chosen students have now, before a field is changed."""
    grid_filter = sent_grid_filter(Permission.EDIT_STUDENT)
    try:
        selection = sent_selection(grid_filter)
        plan = plan_of(selection, request.form.get("field", ""), by=g.account)
    except Refused as refusal:
        return back_to_ticks(grid_filter, refusal)
    return shown(GridChangeForm.of(plan.column.name, grid_filter.school), plan, selection)


def shown(form: GridChangeForm, plan: Plan, selection: Selection) -> Any:
    """The page that says what would be changed."""
    form.start(plan)
    context = {"form": form, "plan": plan, "selection": selection}
    return htmx.render("grid/change.html", "change", **context), form.status


def back_to_ticks(grid_filter: GridFilter, refusal: Refused) -> Any:
    """To the list, which says why nothing came of it."""
    htmx.flash(str(refusal))
    return htmx.redirect(grid_address(grid_filter, select=1))


@bp.post("/students/grid/changes")
@requires(Permission.EDIT_STUDENT, writes_itself=True)
def change() -> Any:
    """Change one field for all chosen students, or for none."""
    grid_filter = sent_grid_filter(Permission.EDIT_STUDENT)
    try:
        selection = sent_selection(grid_filter)
        plan = plan_of(selection, request.form.get("field", ""), by=g.account)
    except Refused as refusal:
        return back_to_ticks(grid_filter, refusal)
    form = GridChangeForm.of(plan.column.name, grid_filter.school)
    if form.validate() and (done := _done(form, selection, grid_filter.school)):
        _flash(done, plan.column.name)
        return htmx.redirect(grid_address(grid_filter))
    return shown(form, plan, selection)


def _done(form: GridChangeForm, selection: Selection, school: School) -> Done | None:
    name, seen = form.field.data, form.seen
    return form.attempt(
        lambda: set_for_all(selection, name, form.new, school=school, seen=seen, by=g.account)
    )


def _flash(done: Done, name: str) -> None:
    sentence = ngettext(
        "%(field)s changed for %(num)s student.",
        "%(field)s changed for %(num)s students.",
        done.changed,
        field=SETTABLE[name].label,
    )
    already = ngettext("%(num)s had it already.", "%(num)s had it already.", done.already)
    htmx.flash(f"{sentence} {already}" if done.already else sentence)
