"""View Login Instructions: the code, how to use it, and the ways to hand it on."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, url_for

from portal.documents.pdf.qr_code import qr_image
from portal.forms.instruction_mails import InstructionMailForm
from portal.models import AccessCode, EventKind, Student
from portal.models.codes.portal_access import live_code
from portal.policy.permissions import Permission
from portal.web import htmx
from portal.web.disclosures import disclose
from portal.web.guard import requires

bp = Blueprint("instructions", __name__)


@dataclass(frozen=True, kw_only=True)
class Instructions:
    """What the window shows. `join_url` is the address to type, without the code."""

    student: Student
    code: AccessCode
    text: str
    join_url: str
    form: InstructionMailForm

    @property
    def image(self) -> str:
        """The QR code: the code stands in the fragment, which no server is sent."""
        return qr_image(f"{self.join_url}#{self.text}")


@bp.get("/students/<student_id>/login-instructions")
@requires(Permission.MANAGE_CODES, on=Student)
def show(student: Student) -> Any:
    code = live_code(student)
    if code is None:
        return htmx.go_to(url_for("portal_access.show", student_id=student.public_id))
    return htmx.render("instructions/show.html", "instructions", opened=instructions_of(student, code))


def instructions_of(student: Student, code: AccessCode) -> Instructions:
    """The window's content for the student's live code, which it shows."""
    disclose(EventKind.CODE_SHOWN, student)
    return Instructions(
        student=student,
        code=code,
        text=code.text,
        join_url=f"{current_app.extensions['settings'].address}/join",
        form=InstructionMailForm.of(student),
    )
