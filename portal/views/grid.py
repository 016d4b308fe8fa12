"""The Data Grid: the students in reach in chosen columns, as a spreadsheet, and one field changed for many."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask import abort, g, request, url_for

from portal import clock, db
from portal.documents.spreadsheets import spreadsheet
from portal.forms.grid import GridChangeForm, GridColumnsForm, GridFieldForm, GridSearchForm
from portal.forms.selection import answer_for_chosen
from portal.models import Event, EventKind, School
from portal.models.grid import column as grid_columns
from portal.models.grid.change import SETTABLE, GridChangePlan, plan_of, set_for_all
from portal.models.grid.choices import offers_at
from portal.models.grid.column import COLUMNS, NAME, chosen_columns, columns_for
from portal.models.grid.filter import GridFilter
from portal.models.grid.page import Line, page_of, sheet_of
from portal.models.paging import Page
from portal.models.rows import Done
from portal.models.students.choices import choices_in
from portal.models.students.list import sees_status
from portal.models.students.selection import Selection
from portal.policy.permissions import Permission
from portal.text.language import ngettext
from portal.views.blueprints import grid as bp
from portal.web import downloads, htmx
from portal.web.current_school import school_choice, school_for
from portal.web.guard import requires
from portal.web.htmx import Answer
from portal.web.lanes import Lane


@bp.get("/students/grid")
@requires(Permission.VIEW_STUDENT)
def index() -> Answer:
    """Show the Data Grid."""
    schools, school = school_choice()
    if school is None:
        return htmx.render("grid/index.html", "results", school=None)
    grid_filter = GridFilter.from_query(request.args, school, sees_guardians=sees_status(g.account))
    parts = ("rows", "more") if grid_filter.after else ("results",)
    return htmx.render("grid/index.html", *parts, **_context(grid_filter, schools))


def _context(grid_filter: GridFilter, schools: Sequence[School]) -> dict[str, Any]:
    school = grid_filter.school
    names = chosen_columns(g.account, sees_guardians=sees_status(g.account))
    form = GridSearchForm(grid_filter, names, schools)
    if not htmx.wants_part():
        form.offer(choices_in(school), offers_at(school, set(form.names), by=g.account))
    is_editor = g.account.may_at_school(Permission.EDIT_STUDENT, school.id)
    counts = not (grid_filter.after and htmx.wants_part())
    page = page_of(grid_filter, names, by=g.account, counts=counts)
    return {
        "form": form,
        "school": school,
        "grid_filter": grid_filter,
        "columns": [NAME, *(COLUMNS[name] for name in names)],
        "page": page,
        "rows": _rows(page, focuses=not counts),
        "is_editor": is_editor,
        "may_batch": g.account.may_at_school(Permission.CREATE_SUPPORT, school.id),
        "batch": GridFieldForm() if is_editor and request.args.get("select") else None,
    }


def _rows(page: Page[Line], *, focuses: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the texts of each row in the order of their places; the first row gets the focus where rows are added."""
    focus = " data-focus" if focuses else ""
    for public_id, first_name, family_name, cells in page.lines:
        yield "row", (public_id, focus, first_name, family_name, *cells)
        focus = ""


def _address_of(grid_filter: GridFilter, **more: Any) -> str:
    """Return the address of the grid with the same filter."""
    address: dict[str, Any] = {**grid_filter.query, **more}
    return url_for("grid.index", **address)


@bp.route("/students/grid/columns", methods=["GET", "POST"])
@requires(Permission.VIEW_STUDENT)
def choose_columns() -> Answer:
    """Choose the columns of one's own Data Grid."""
    school = school_choice().school or abort(404)
    sees = sees_status(g.account)
    form = GridColumnsForm(columns=list(chosen_columns(g.account, sees_guardians=sees)))
    form.offer(columns_for(sees_guardians=sees))
    grid_filter = GridFilter.from_query(request.args, school, sees_guardians=sees)
    if form.validate_on_submit():
        grid_columns.choose_columns(g.account, form.columns.data)
        return htmx.redirect(_address_of(grid_filter))
    return htmx.render("grid/choose_columns.html", "columns", form=form, query=grid_filter.query), form.status


@bp.post("/students/grid/export")
@requires(Permission.VIEW_STUDENT, writes_itself=True, lane=Lane.DOCUMENTS)
def export() -> Answer:
    """Send the chosen students as a spreadsheet, in the chosen columns."""
    return _for_chosen(Permission.VIEW_STUDENT, _export)


def _for_chosen(permission: Permission, answer: Callable[[Selection, GridFilter], Answer]) -> Answer:
    """Return what `answer` gives for the students chosen on the grid. If the rules refuse, redirect to the grid."""
    grid_filter = GridFilter.from_query(
        request.form, school_for(permission), sees_guardians=sees_status(g.account)
    )
    back = _address_of(grid_filter, select=1)
    return answer_for_chosen(grid_filter, lambda selection: answer(selection, grid_filter), back=back)


def _export(selection: Selection, grid_filter: GridFilter) -> Answer:
    """Record that these students are exported, and send the file."""
    selection.count(g.account, Permission.VIEW_STUDENT)
    names = list(chosen_columns(g.account, sees_guardians=sees_status(g.account)))
    school = grid_filter.school
    lines = list(sheet_of(selection.criterion(g.account, Permission.VIEW_STUDENT), grid_filter, names))
    about: dict[str, Any] = {"school_id": school.id, "students": len(lines) - 1, "columns": names}
    with db.writing():
        Event.record(EventKind.STUDENTS_EXPORTED, by=g.account, **about)
    day = clock.today(school.time_zone)
    return downloads.send("".join(spreadsheet(lines)), f"students-{day.isoformat()}.csv")


@bp.post("/students/grid/plan")
@requires(Permission.EDIT_STUDENT, writes_itself=True, lane=Lane.ACTS)
def plan_change() -> Answer:
    """Show what the chosen students have now, before a field is changed."""
    return _for_chosen(Permission.EDIT_STUDENT, _plan)


def _plan(selection: Selection, grid_filter: GridFilter) -> Answer:
    plan = plan_of(selection, request.form.get("field", ""), by=g.account)
    return _page(GridChangeForm.of(plan.column.name, grid_filter.school), plan, selection)


def _page(form: GridChangeForm, plan: GridChangePlan, selection: Selection) -> Answer:
    """Return the page that says what would be changed."""
    form.start(plan)
    context = {"form": form, "plan": plan, "selection": selection}
    return htmx.render("grid/change.html", "change", **context), form.status


@bp.post("/students/grid/changes")
@requires(Permission.EDIT_STUDENT, writes_itself=True, lane=Lane.ACTS)
def change() -> Answer:
    """Change one field for all chosen students, or for none."""
    return _for_chosen(Permission.EDIT_STUDENT, _change)


def _change(selection: Selection, grid_filter: GridFilter) -> Answer:
    plan = plan_of(selection, request.form.get("field", ""), by=g.account)
    form = GridChangeForm.of(plan.column.name, grid_filter.school)
    if form.validate() and (done := _set_for_all(form, selection, grid_filter.school)):
        htmx.flash(_sentence_about(done, plan.column.name))
        return htmx.redirect(_address_of(grid_filter))
    return _page(form, plan, selection)


def _set_for_all(form: GridChangeForm, selection: Selection, school: School) -> Done | None:
    name, seen = form.field.data, form.seen
    return form.attempt(
        lambda: set_for_all(selection, name, form.new, school=school, seen=seen, by=g.account)
    )


def _sentence_about(done: Done, name: str) -> str:
    sentence = ngettext(
        "%(field)s changed for %(num)s student.",
        "%(field)s changed for %(num)s students.",
        done.changed,
        field=SETTABLE[name].label,
    )
    already = ngettext("%(num)s had it already.", "%(num)s had it already.", done.already)
    return f"{sentence} {already}" if done.already else sentence
