"""The Data Grid as a spreadsheet: who was ticked, or everyone whom the search fields describe."""

from typing import Any

from flask import Blueprint, Response, g

from portal import clock, db
from portal.db import Refused
from portal.documents.spreadsheets import BYTE_ORDER_MARK
from portal.documents.spreadsheets import lines as csv_lines
from portal.forms.selections import sent_selection
from portal.models import Event, EventKind, School
from portal.models.grid.filter import GridWanted
from portal.models.grid.layout import chosen_columns
from portal.models.grid.page import sheet_of
from portal.policy.permissions import Permission
from portal.views.grids import grid_address, sent_wanted
from portal.views.students import sees_status
from portal.web import htmx
from portal.web.guard import requires

bp = Blueprint("grid_exports", __name__)


@bp.post("/students/grid/export")
@requires(Permission.VIEW_STUDENT, writes_itself=True)
def create() -> Any:
    wanted = sent_wanted(Permission.VIEW_STUDENT)
    try:
        return _file(_recorded(wanted), wanted.school)
    except Refused as refusal:
        htmx.tell(str(refusal))
        return htmx.go_to(grid_address(wanted, select=1))


def _recorded(wanted: GridWanted) -> list[list[str]]:
    """The lines of the file, once it is noted that they were taken out."""
    selection = sent_selection(wanted)
    selection.count(g.account, Permission.VIEW_STUDENT)
    names = list(chosen_columns(g.account, sees_guardians=sees_status()))
    lines = list(sheet_of(selection.criterion(g.account, Permission.VIEW_STUDENT), wanted, names))
    students, school_id = len(lines) - 1, wanted.school.id
    with db.writing():
        Event.record(
            EventKind.STUDENTS_EXPORTED, by=g.account, school_id=school_id, students=students, columns=names
        )
    return lines


def _file(lines: list[list[str]], school: School) -> Response:
    answer = Response(BYTE_ORDER_MARK + csv_lines(lines), content_type="text/csv; charset=utf-8")
    name = f"students-{clock.today(school.time_zone).isoformat()}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
