"""Copy: the code is on somebody's clipboard from here on, which belongs in the record."""

from typing import Any

from flask import Blueprint, Response, g

from portal.models import EventKind, Student
from portal.models.accounts.reveal_alarm import reveal
from portal.policy.permissions import Permission
from portal.web.guard import requires

bp = Blueprint("code_copies", __name__)


@bp.post("/students/<student_id>/access-code/copy")
@requires(Permission.MANAGE_CODES, on=Student)
def create(student: Student) -> Any:
    reveal(EventKind.CODE_COPIED, by=g.account, student_id=student.id)
    return Response(status=204)
