"""The Data Grid: the students in reach in chosen columns, and as a spreadsheet."""

from typing import Any

from flask import Response, abort, g, request, url_for

from portal import clock, db
from portal.db import Refused
from portal.documents.spreadsheets import spreadsheet
from portal.forms.grid import GridColumnsForm, GridForm
from portal.forms.grid_change import GridFieldForm
from portal.forms.selection import sent_selection
from portal.models import Event, EventKind, School
from portal.models.grid import layout
from portal.models.grid.choices import offers_at
from portal.models.grid.column import COLUMNS, NAME, columns_for
from portal.models.grid.filter import GridFilter
from portal.models.grid.layout import chosen_columns
from portal.models.grid.page import page_of, sheet_of
from portal.models.students.choices import choices_in
from portal.policy.permissions import Permission
from portal.views.blueprints import grid as bp
from portal.views.students.students import may_add_to_supports, sees_status
from portal.web import downloads, htmx
from portal.web.current_school import school_choice
from portal.web.guard import requires


@bp.get("/students/grid")
@requires(Permission.VIEW_STUDENT)
def index() -> Any:
    """Show the Data Grid."""
    schools, school = school_choice()
    if school is None:
        return htmx.render("grid/index.html", "results", school=None)
    grid_filter = GridFilter.from_query(request.args, school, sees_guardians=sees_status())
    parts = ("rows", "more") if grid_filter.after else ("results",)
    return htmx.render("grid/index.html", *parts, school=school, schools=schools, **_context(grid_filter))


def sent_grid_filter(permission: Permission) -> GridFilter:
    """The search fields that a form of the grid came with, at the school its address names."""
    school = school_choice(permission).school or abort(404)
    return GridFilter.from_query(request.form, school, sees_guardians=sees_status())


def grid_address(grid_filter: GridFilter, **more: Any) -> str:
    """The grid as it was."""
    address: dict[str, Any] = {**grid_filter.query, **more}
    return url_for("grid.index", **address)


def may_edit(school: School) -> bool:
    """Whether the students of that school who are in reach may be changed, too."""
    return bool(g.account.may_at_school(Permission.EDIT_STUDENT, school.id))


def _context(grid_filter: GridFilter) -> dict[str, Any]:
    names = chosen_columns(g.account, sees_guardians=sees_status())
    form = GridForm.of_request()
    inputs = form.inputs(names, dict(grid_filter.filters))
    if not htmx.wants_part():
        offers = offers_at(grid_filter.school, {each.name for each in inputs}, by=g.account)
        form.offer(choices_in(grid_filter.school), offers)
    is_editor = may_edit(grid_filter.school)
    return {
        "form": form,
        "grid_filter": grid_filter,
        "inputs": inputs,
        "columns": [NAME, *(COLUMNS[name] for name in names)],
        "page": page_of(grid_filter, names, by=g.account),
        "is_editor": is_editor,
        "may_batch": may_add_to_supports(grid_filter.school),
        "batch": GridFieldForm() if is_editor and request.args.get("select") else None,
    }


@bp.route("/students/grid/columns", methods=["GET", "POST"])
@requires(Permission.VIEW_STUDENT)
def choose_columns() -> Any:
    """Choose the columns of one's own Data Grid."""
    school, sees = school_choice().school or abort(404), sees_status()
    form = GridColumnsForm(columns=list(chosen_columns(g.account, sees_guardians=sees)))
    form.offer(columns_for(sees_guardians=sees))
    grid_filter = GridFilter.from_query(request.args, school, sees_guardians=sees)
    if form.validate_on_submit():
        layout.choose_columns(g.account, form.columns.data)
        return htmx.redirect(grid_address(grid_filter))
    return htmx.render("grid/choose_columns.html", "columns", form=form, query=grid_filter.query), form.status


@bp.post("/students/grid/export")
@requires(Permission.VIEW_STUDENT, writes_itself=True)
def export() -> Any:
    """Send the chosen students as a spreadsheet, in the chosen columns."""
    grid_filter = sent_grid_filter(Permission.VIEW_STUDENT)
    try:
        return _file(_recorded(grid_filter), grid_filter.school)
    except Refused as refusal:
        htmx.flash(str(refusal))
        return htmx.redirect(grid_address(grid_filter, select=1))


def _recorded(grid_filter: GridFilter) -> list[list[str]]:
    """The lines of the file, once it is noted that they were taken out."""
    selection = sent_selection(grid_filter)
    selection.count(g.account, Permission.VIEW_STUDENT)
    names = list(chosen_columns(g.account, sees_guardians=sees_status()))
    lines = list(sheet_of(selection.criterion(g.account, Permission.VIEW_STUDENT), grid_filter, names))
    students, school_id = len(lines) - 1, grid_filter.school.id
    with db.writing():
        Event.record(
            EventKind.STUDENTS_EXPORTED, by=g.account, school_id=school_id, students=students, columns=names
        )
    return lines


def _file(lines: list[list[str]], school: School) -> Response:
    name = f"students-{clock.today(school.time_zone).isoformat()}.csv"
    return downloads.send("".join(spreadsheet(lines)), name)
