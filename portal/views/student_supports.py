"""The tab that says in which supports a student is and was."""

from typing import Any

from flask import Blueprint, g

from portal.models import EventKind, Student
from portal.models.supports.student_supports import supports_with
from portal.policy.permissions import Permission
from portal.web import htmx
from portal.web.disclosures import disclose
from portal.web.guard import requires

bp = Blueprint("student_supports", __name__)


@bp.get("/students/<student_id>/supports")
@requires(Permission.VIEW_STUDENT, on=Student)
def index(student: Student) -> Any:
    disclose(EventKind.STUDENT_VIEWED, student, tab="supports")
    lines = supports_with(student, by=g.account)
    return htmx.render("student_supports/index.html", student=student, lines=lines)
