"""The Data Grid: every student in reach, in columns that each person chooses."""

from typing import Any

from flask import Blueprint, abort, g, request, url_for

from portal.forms.grid_changes import GridFieldForm
from portal.forms.grids import GridForm
from portal.models import School
from portal.models.grid.choices import offers_at
from portal.models.grid.column import COLUMNS, NAME
from portal.models.grid.filter import GridWanted
from portal.models.grid.layout import chosen_columns
from portal.models.grid.page import page_of
from portal.models.students.choices import choices_in
from portal.policy.permissions import Permission
from portal.views.students import may_add_to_supports, sees_status
from portal.web import htmx
from portal.web.current_school import place_for
from portal.web.guard import requires

bp = Blueprint("grids", __name__)


@bp.get("/students/grid")
@requires(Permission.VIEW_STUDENT)
def index() -> Any:
    schools, school = place_for()
    if school is None:
        return htmx.render("grids/index.html", "results", school=None)
    wanted = GridWanted.read(request.args, school, sees_guardians=sees_status())
    parts = ("rows", "more") if wanted.after else ("results",)
    return htmx.render("grids/index.html", *parts, school=school, schools=schools, **_words(wanted))


def sent_wanted(permission: Permission) -> GridWanted:
    """The search fields that a form of the grid came with, at the school its address names."""
    school = place_for(permission).school or abort(404)
    return GridWanted.read(request.form, school, sees_guardians=sees_status())


def grid_address(wanted: GridWanted, **more: Any) -> str:
    """The grid as it was."""
    address: dict[str, Any] = {**wanted.query, **more}
    return url_for("grids.index", **address)


def may_edit(school: School) -> bool:
    """Whether the students of that school who are in reach may be changed, too."""
    return bool(g.account.may_at_school(Permission.EDIT_STUDENT, school.id))


def _words(wanted: GridWanted) -> dict[str, Any]:
    names = chosen_columns(g.account, sees_guardians=sees_status())
    form = GridForm.of_request()
    inputs = form.inputs(names, dict(wanted.filters))
    if not htmx.wants_part():
        offers = offers_at(wanted.school, {each.name for each in inputs}, by=g.account)
        form.offer(choices_in(wanted.school), offers)
    is_editor = may_edit(wanted.school)
    return {
        "form": form,
        "wanted": wanted,
        "inputs": inputs,
        "columns": [NAME, *(COLUMNS[name] for name in names)],
        "page": page_of(wanted, names, by=g.account),
        "is_editor": is_editor,
        "may_batch": may_add_to_supports(wanted.school),
        "batch": GridFieldForm() if is_editor and request.args.get("select") else None,
    }
