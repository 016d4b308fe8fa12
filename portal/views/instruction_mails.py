"""Login instructions by email."""

from typing import Any

from flask import Blueprint, g, url_for

from portal.db import Refused
from portal.forms.instruction_mails import InstructionMailForm
from portal.models import EventKind, Student
from portal.models.codes.portal_access import live_code
from portal.models.mail.instructions import send_instructions
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.portal_access import back_to
from portal.web import htmx
from portal.web.disclosures import disclose
from portal.web.guard import requires

bp = Blueprint("instruction_mails", __name__)


@bp.route("/students/<student_id>/login-instructions/mail", methods=["GET", "POST"])
@requires(Permission.MANAGE_CODES, on=Student)
def create(student: Student) -> Any:
    if live_code(student) is None:
        return htmx.go_to(url_for("portal_access.show", student_id=student.public_id))
    form = InstructionMailForm.of(student)
    if form.validate_on_submit() and _is_sent(student, form):
        return back_to(student, "code", "history")
    disclose(EventKind.PORTAL_ACCESS_VIEWED, student)
    return htmx.render("instruction_mails/create.html", "mail", student=student, form=form), form.status


def _is_sent(student: Student, form: InstructionMailForm) -> bool:
    to, language = form.reader
    try:
        is_new = send_instructions(student, to=to, language=language, by=g.account)
    except Refused as refusal:
        form.refuse(refusal, form.email)
        return False
    if is_new:
        htmx.tell(_("The login instructions are on their way to %(to)s.", to=to))
    else:
        htmx.tell(_("The login instructions are already on their way to %(to)s.", to=to))
    return True
