"""The history of a student's planning fields."""

from typing import Any

from flask import Blueprint, request

from portal.models import EventKind, Student
from portal.models.students.field_change import changes_of
from portal.models.students.planning import FIELDS
from portal.policy.permissions import Permission
from portal.web import htmx
from portal.web.disclosures import disclose
from portal.web.guard import requires

bp = Blueprint("field_changes", __name__)


@bp.get("/students/<student_id>/planning/history")
@requires(Permission.VIEW_STUDENT, on=Student)
def index(student: Student) -> Any:
    disclose(EventKind.STUDENT_VIEWED, student, tab="planning history")
    changes = changes_of(student, after=request.args.get("after", "")[:22])
    parts = ("changes", "more") if "after" in request.args else ()
    words = {"student": student, "changes": changes, "fields": FIELDS}
    return htmx.render("field_changes/index.html", *parts, **words)
