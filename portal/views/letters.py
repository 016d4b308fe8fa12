"""Download Login Instructions: the letter of one student as a PDF."""

import re
from datetime import date
from typing import Any

from flask import Blueprint, current_app, make_response, request, url_for
from flask_babel import force_locale

from portal import clock, htmx
from portal.db import Refused
from portal.disclosures import disclose, write_afterwards
from portal.documents.letters import Letter
from portal.documents.press import PrintingFailed, print_letter
from portal.guard import requires
from portal.language import LANGUAGES
from portal.language import gettext as _
from portal.models import AccessCode, EventKind, Student
from portal.models.identity import fold
from portal.models.instruction_mail import family_language
from portal.models.letter_list import mark_made
from portal.models.portal_access import live_code
from portal.permissions import Permission
from portal.templating import grade

bp = Blueprint("letters", __name__)


@bp.get("/students/<student_id>/login-instructions.pdf")
@requires(Permission.MANAGE_CODES, on=Student)
def show(student: Student) -> Any:
    code = live_code(student)
    last_day = code.last_day(student.school.time_zone) if code else None
    if code is None or last_day is None:
        return htmx.go_to(url_for("portal_access.show", student_id=student.public_id))
    answer = make_response(_printed(_letter(student, code, last_day)))
    answer.content_type = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{_file_name(student)}"'
    _remember(student, code.id)
    return answer


def _remember(student: Student, code_id: int) -> None:
    disclose(EventKind.LETTER_PRINTED, student)
    write_afterwards(lambda: mark_made([code_id], at=clock.now()))


def _printed(letter: Letter) -> bytes:
    try:
        return print_letter(letter)
    except PrintingFailed:
        raise Refused(_("The letter could not be made. Please tell whoever runs the portal.")) from None


def _letter(student: Student, code: AccessCode, last_day: date) -> Letter:
    address, school = current_app.extensions["settings"].address, student.school
    language = _language(student)
    return Letter(
        school=school.name,
        student=student.name,
        grade_label=_grade_in(language, student),
        homeroom=student.homeroom.title if student.homeroom else "",
        code=code.text,
        join_url=f"{address}/join",
        sign_in_url=f"{address}/sign-in",
        expires_on=last_day,
        ask_whom=school.office_contact,
        language=language,
        paper=school.paper,
    )


def _grade_in(language: str, student: Student) -> str:
    """Staff pages are in English, whatever the letter is in."""
    with force_locale(language):
        return grade(student.grade)


def _language(student: Student) -> str:
    asked = request.args.get("language", "")
    return asked if asked in LANGUAGES else family_language(student)


def _file_name(student: Student) -> str:
    """In plain letters, as every system can store it; the student's name, never the code."""
    name = re.sub(r"[^a-z0-9]+", "-", fold(student.name)).strip("-")
    return f"login-instructions-{name or 'student'}.pdf"
