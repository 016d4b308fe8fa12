"""Login instructions of one student: on screen, as a letter, by email."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, g, request, url_for

from portal import clock
from portal.db import Refused
from portal.documents.letter import Letter
from portal.documents.pdf.qr_code import qr_image
from portal.documents.recipients import letters_for
from portal.documents.single import PrintingFailed, print_letter
from portal.forms.codes import InstructionMailForm
from portal.models import AccessCode, EventKind, Student
from portal.models.codes.portal_access import live_code
from portal.models.letters.list import letters_of
from portal.models.letters.record import mark_made
from portal.models.mail.instructions import send_instructions
from portal.policy.permissions import Permission
from portal.text.language import LANGUAGES
from portal.text.language import gettext as _
from portal.views.blueprints import codes as bp
from portal.views.codes.tab import back_to
from portal.web import downloads, htmx
from portal.web.disclosures import disclose, write_afterwards
from portal.web.guard import requires


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
def instructions(student: Student) -> Any:
    """Show the login instructions with the code."""
    code = live_code(student)
    if code is None:
        return htmx.redirect(url_for("codes.show", student_id=student.public_id))
    return htmx.render("codes/instructions.html", "instructions", opened=instructions_of(student, code))


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


@bp.get("/students/<student_id>/login-instructions.pdf")
@requires(Permission.MANAGE_CODES, on=Student)
def download_instructions(student: Student) -> Any:
    """Send the login instructions of one student as a PDF."""
    found = letters_of(Student.id == student.id, by=g.account, language=_asked_language()).recipients
    if not found:
        return htmx.redirect(url_for("codes.show", student_id=student.public_id))
    [letter] = letters_for(found, address=current_app.extensions["settings"].address)
    printed = _printed(letter)
    _remember(student, found[0].code_id)
    return downloads.send(printed, f"login-instructions-{downloads.plain(student.name) or 'student'}.pdf")


def _remember(student: Student, code_id: int) -> None:
    disclose(EventKind.LETTER_PRINTED, student)
    write_afterwards(lambda: mark_made([code_id], at=clock.now()))


def _printed(letter: Letter) -> bytes:
    try:
        return print_letter(letter)
    except PrintingFailed:
        raise Refused(_("The letter could not be made. Please tell whoever runs the portal.")) from None


def _asked_language() -> str | None:
    asked = request.args.get("language")
    return asked if asked in LANGUAGES else None


@bp.route("/students/<student_id>/login-instructions/mail", methods=["GET", "POST"])
@requires(Permission.MANAGE_CODES, on=Student)
def mail_instructions(student: Student) -> Any:
    """Mail the login instructions to a contact on file or a typed address."""
    if live_code(student) is None:
        return htmx.redirect(url_for("codes.show", student_id=student.public_id))
    form = InstructionMailForm.of(student)
    if form.validate_on_submit() and _is_sent(student, form):
        return back_to(student, "code", "history")
    disclose(EventKind.PORTAL_ACCESS_VIEWED, student)
    return htmx.render("codes/mail_instructions.html", "mail", student=student, form=form), form.status


def _is_sent(student: Student, form: InstructionMailForm) -> bool:
    to, language = form.reader
    try:
        is_new = send_instructions(student, to=to, language=language, by=g.account)
    except Refused as refusal:
        form.refuse(refusal, form.email)
        return False
    if is_new:
        htmx.flash(_("The login instructions are on their way to %(to)s.", to=to))
    else:
        htmx.flash(_("The login instructions are already on their way to %(to)s.", to=to))
    return True
