"""Enable Parent/Guardian Login."""

from typing import Any

from flask import Blueprint, g, url_for

from portal import db
from portal.models import AccessCode, EventKind, Student
from portal.models.accounts.reveal_alarm import reveal
from portal.policy.permissions import Permission
from portal.views.instructions import instructions_of
from portal.views.portal_access import tab
from portal.web import htmx
from portal.web.guard import requires

bp = Blueprint("access_codes", __name__)


@bp.post("/students/<student_id>/access-code")
@requires(Permission.MANAGE_CODES, on=Student)
def create(student: Student) -> Any:
    code = AccessCode.enable(student, by=g.account)
    if not htmx.wants_part():
        return htmx.go_to(url_for("instructions.show", student_id=student.public_id))
    reveal(EventKind.CODE_SHOWN, by=g.account, student_id=student.id)
    db.conclude()
    words = tab(student) | {"opened": instructions_of(student, code)}
    return htmx.render("portal_access/show.html", "code", "history", "instructions", **words)
