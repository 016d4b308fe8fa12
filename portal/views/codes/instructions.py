"""Login instructions of one student that leave the portal: as a letter and by email."""

from flask import current_app, g, request, url_for

from portal.db import Refused
from portal.documents.letter import Letter
from portal.documents.pdf.engine import PrintingFailed
from portal.documents.printing.orders import print_letter
from portal.documents.recipients import letters_for
from portal.forms.codes import InstructionMailForm
from portal.models import EventKind, Student
from portal.models.codes.portal_access import live_code
from portal.models.letters.list import letters_of
from portal.models.mail.instructions import send_instructions
from portal.policy.permissions import Permission
from portal.text.language import LANGUAGES
from portal.text.language import gettext as _
from portal.views.blueprints import codes as bp
from portal.views.codes.code import student_tab
from portal.web import downloads, htmx
from portal.web.disclosures import disclose
from portal.web.guard import requires
from portal.web.htmx import Answer
from portal.web.lanes import Lane


@bp.get("/students/<student_id>/login-instructions.pdf")
@requires(Permission.MANAGE_CODES, on=Student, lane=Lane.DOCUMENTS)
def download_instructions(student: Student) -> Answer:
    """Send the login instructions of one student as a PDF."""
    language = request.args.get("language")
    found = letters_of(
        Student.id == student.id, by=g.account, language=language if language in LANGUAGES else None
    ).recipients
    if not found:
        return htmx.redirect(url_for("codes.show", student_id=student.public_id))
    [letter] = letters_for(found, address=current_app.extensions["settings"].address)
    pdf = _print_letter(letter)
    disclose(EventKind.LETTER_PRINTED, student, code=found[0].code_id)
    return downloads.send(pdf, f"login-instructions-{downloads.plain(student.name) or 'student'}.pdf")


def _print_letter(letter: Letter) -> bytes:
    try:
        return print_letter(letter)
    except PrintingFailed:
        raise Refused(
            _(
                "The letter could not be made. Please try again; if that does not help, tell whoever runs the portal."
            )
        ) from None


@bp.route("/students/<student_id>/login-instructions/mail", methods=["GET", "POST"])
@requires(Permission.MANAGE_CODES, on=Student)
def mail_instructions(student: Student) -> Answer:
    """Mail the login instructions to a contact on file or a typed address."""
    if live_code(student) is None:
        return htmx.redirect(url_for("codes.show", student_id=student.public_id))
    form = InstructionMailForm.of(student)
    if form.validate_on_submit() and (sentence := _mail(student, form)):
        htmx.flash(sentence)
        return student_tab(student, "code", "history")
    disclose(EventKind.PORTAL_ACCESS_VIEWED, student)
    return htmx.render("codes/mail_instructions.html", "mail", student=student, form=form), form.status


def _mail(student: Student, form: InstructionMailForm) -> str | None:
    """Send them, and give the sentence that says so; None when the rules said no."""
    to, language = form.reader
    is_new = form.attempt(
        lambda: send_instructions(student, to=to, language=language, by=g.account), at=form.email
    )
    if is_new is None:
        return None
    if not is_new:
        return _("The login instructions are already on their way to %(to)s.", to=to)
    return _("The login instructions are on their way to %(to)s.", to=to)
