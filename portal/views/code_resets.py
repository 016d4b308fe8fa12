"""Reset Access Code: what will happen, and doing it."""

from typing import Any

from flask import Blueprint, g, url_for

from portal.forms.code_resets import CodeResetForm
from portal.models import AccessCode, Student
from portal.models.codes.portal_access import live_code
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.portal_access import back_to
from portal.web import htmx
from portal.web.guard import requires

bp = Blueprint("code_resets", __name__)


@bp.route("/students/<student_id>/access-code/reset", methods=["GET", "POST"])
@requires(Permission.MANAGE_CODES, on=Student)
def create(student: Student) -> Any:
    code = live_code(student)
    if code is None:
        return htmx.go_to(url_for("portal_access.show", student_id=student.public_id))
    form = CodeResetForm(seen=code.public_id)
    if form.validate_on_submit() and _is_reset(student, form):
        return _told(student)
    return htmx.render("code_resets/create.html", "reset", student=student, form=form), form.status


def _is_reset(student: Student, form: CodeResetForm) -> bool:
    form.attempt(lambda: AccessCode.replace(student, by=g.account, seen=form.seen.data))
    return not form.form_errors


def _told(student: Student) -> Any:
    htmx.tell(_("A new access code was made. The old one no longer works."))
    return back_to(student, "code", "history")
