"""Download Login Instructions: the letter of one student as a PDF."""

import re
from typing import Any

from flask import Blueprint, current_app, g, make_response, request, url_for

from portal import clock
from portal.db import Refused
from portal.documents.letter import Letter
from portal.documents.recipients import letters_for
from portal.documents.single import PrintingFailed, print_letter
from portal.models import EventKind, Student
from portal.models.letters.list import letters_of
from portal.models.letters.record import mark_made
from portal.models.rows import fold
from portal.policy.permissions import Permission
from portal.text.language import LANGUAGES
from portal.text.language import gettext as _
from portal.web import htmx
from portal.web.disclosures import disclose, write_afterwards
from portal.web.guard import requires

bp = Blueprint("letters", __name__)


@bp.get("/students/<student_id>/login-instructions.pdf")
@requires(Permission.MANAGE_CODES, on=Student)
def show(student: Student) -> Any:
    found = letters_of(Student.id == student.id, by=g.account, language=_asked_language()).recipients
    if not found:
        return htmx.go_to(url_for("portal_access.show", student_id=student.public_id))
    [letter] = letters_for(found, address=current_app.extensions["settings"].address)
    answer = make_response(_printed(letter))
    answer.content_type = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{_file_name(student)}"'
    _remember(student, found[0].code_id)
    return answer


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


def _file_name(student: Student) -> str:
    """In plain letters, as every system can store it; the student's name, never the code."""
    name = re.sub(r"[^a-z0-9]+", "-", fold(student.name)).strip("-")
    return f"login-instructions-{name or 'student'}.pdf"
