"""Portal Access: the list of students, the coverage board, and mail that did not arrive."""

from collections.abc import Iterator
from typing import Any

from flask import g, request, url_for

from portal import db
from portal.forms.base import Form
from portal.forms.codes import AccessSearchForm
from portal.models import EventKind, OutboxMessage, School, Student
from portal.models.accounts.alarms import reveal
from portal.models.figures.coverage import coverage_of
from portal.models.mail.delivery_state import state_of
from portal.models.paging import Page
from portal.models.students.choices import Choices, choices_in
from portal.models.students.list import ACCESS, StudentLine, students_of
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.blueprints import bulk_codes as bp
from portal.web import htmx
from portal.web.current_school import school_choice
from portal.web.guard import requires
from portal.web.htmx import Answer
from portal.web.templating import days


@bp.get("/portal-access")
@requires(Permission.MANAGE_CODES)
def index() -> Answer:
    """List the students whose codes this person may manage."""
    schools, school = school_choice(Permission.MANAGE_CODES)
    form = AccessSearchForm(schools, school, choices_in(school) if school else Choices())
    parts = ("rows", "more") if form.filter.after else ("results",)
    counts = not (form.filter.after and htmx.wants_part())
    page = students_of(school, form.filter, by=g.account, listing=ACCESS, counts=counts) if school else None
    context: dict[str, Any] = {"form": form, "school": school, "page": page}
    if school and page:
        context |= {"query": form.query | {"school": school.public_id}, "rows": _rows(page, form, school)}
    return htmx.render("bulk_codes/index.html", *parts, **context)


def _rows(
    page: Page[StudentLine], form: AccessSearchForm, school: School
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the status of each line, and the texts of its row in the order of their places."""
    grades = form.grade_names
    made = days((line.letter_made_at for line in page.lines), school.time_zone)
    focus = " data-focus" if form.filter.after and htmx.wants_part() else ""
    for line in page.lines:
        id_, first, last, guardians = line.public_id, line.first_name, line.family_name, line.guardians
        status, grade, homeroom = line.status, grades.get(line.grade, "–"), line.homeroom or "–"
        count = f" ({guardians})" if status == "paired" else ""
        name, letter = f"{first} {last}", made[line.letter_made_at]
        yield (
            status,
            (id_, name, id_, focus, first, last, grade, homeroom, count, letter, str(guardians or "–")),
        )
        focus = ""


@bp.get("/portal-access/coverage")
@requires(Permission.MANAGE_CODES)
def coverage() -> Answer:
    """Show how far families are reached, by grade, homeroom and language."""
    school = school_choice(Permission.MANAGE_CODES).school
    coverage = coverage_of(school, by=g.account) if school else None
    return htmx.render("bulk_codes/coverage.html", "coverage", school=school, coverage=coverage)


@bp.route("/mails/<outbox_message_id>/resend", methods=["GET", "POST"])
@requires(Permission.MANAGE_CODES, on=OutboxMessage)
def resend(outbox_message: OutboxMessage) -> Answer:
    """Ask before a mail that did not arrive, or is in doubt, is sent again; send it."""
    student = db.session.get_one(Student, outbox_message.student_id)
    if request.method == "GET" and state_of(outbox_message).may_be_repeated:
        context = {"message": outbox_message, "student": student, "form": Form()}
        return htmx.render("bulk_codes/resend.html", "resend", **context)
    if request.method == "POST":
        _send_again(outbox_message, student)
    return htmx.redirect(url_for("codes.show", student_id=student.public_id))


def _send_again(message: OutboxMessage, student: Student) -> None:
    if message.send_again():
        reveal(EventKind.CODE_MAILED, by=g.account, student_id=student.id)
        htmx.flash(_("It is on its way to %(to)s again.", to=message.to_address))
    else:
        htmx.flash(_("It is on its way to %(to)s already.", to=message.to_address))
