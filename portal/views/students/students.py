"""Students as staff find and see them, their supports and their planning fields."""

from collections.abc import Iterator
from typing import Any

from flask import g, request, url_for

from portal import db
from portal.forms.students import PlanningForm, StudentSearchForm
from portal.models import EventKind, School, Student
from portal.models.paging import Page
from portal.models.students.attendance_record import attendance_of
from portal.models.students.choices import Choices, choices_in
from portal.models.students.contact import contacts_of
from portal.models.students.field_change import changes_of
from portal.models.students.list import STUDENTS, StudentLine, sees_status, students_of
from portal.models.students.planning import FIELDS, change_fields
from portal.models.students.timetable import homeroom_and_courses
from portal.models.supports.caseload_reasons import reasons_for, sees_caseload_only
from portal.models.supports.point_people import point_people_of
from portal.models.supports.student_supports import supports_of_student
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.blueprints import students as bp
from portal.web import htmx
from portal.web.current_school import school_choice
from portal.web.disclosures import disclose
from portal.web.guard import requires
from portal.web.htmx import Answer

#: The latest changes of planning fields that the Overview tells.
CHANGES_SHOWN = 3


@bp.get("/students")
@requires(Permission.VIEW_STUDENT)
def index() -> Answer:
    """List the students in reach."""
    schools, school = school_choice()
    form = StudentSearchForm(schools, school, choices_in(school) if school else Choices())
    parts = ("rows", "more") if form.filter.after else ("results",)
    context: dict[str, Any] = {"form": form, "school": school, **_batch(school)}
    context |= {"sees_status": sees_status(g.account), "is_caseload": sees_caseload_only(g.account)}
    if school:
        counts = not (form.filter.after and htmx.wants_part())
        page = students_of(school, form.filter, by=g.account, listing=STUDENTS, counts=counts)
        context |= {"page": page, "rows": _rows(page, form, has_status=context["sees_status"])}
    return htmx.render("students/index.html", *parts, **context)


def _rows(
    page: Page[StudentLine], form: StudentSearchForm, *, has_status: bool
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the status of each line, "" where nobody sees it, and the texts of its row in the order of their places."""
    grades = form.grade_names
    focus = " data-focus" if form.filter.after and htmx.wants_part() else ""
    for line in page.lines:
        status = line.status if has_status else ""
        count = f" ({line.guardians})" if status == "paired" else ""
        grade, homeroom = grades.get(line.grade, "–"), line.homeroom or "–"
        texts = (
            line.public_id,
            focus,
            line.first_name,
            line.family_name,
            line.number or "–",
            grade,
            homeroom,
        )
        yield status, ((*texts, count) if has_status else texts)
        focus = ""


@bp.get("/students/<student_id>")
@requires(Permission.VIEW_STUDENT, on=Student)
def show(student: Student) -> Answer:
    """Show one student: source fields, planning fields, classes, contacts, attendance."""
    disclose(EventKind.STUDENT_VIEWED, student)
    return htmx.render("students/show.html", "planning", **_overview(student))


def _batch(school: School | None) -> dict[str, bool]:
    may_batch = school is not None and g.account.may_at_school(Permission.CREATE_SUPPORT, school.id)
    return {"may_batch": may_batch, "batch": may_batch and bool(request.args.get("select"))}


def _overview(student: Student) -> dict[str, Any]:
    """Return what the template of the tab shows."""
    homeroom, courses = homeroom_and_courses(student)
    return {
        "student": student,
        "classes": [homeroom, *courses] if homeroom else courses,
        "attendance": attendance_of(student),
        "contacts": contacts_of(student),
        "changes": changes_of(student, most=CHANGES_SHOWN),
        "fields": FIELDS,
        "point_people": point_people_of(student),
        "whys": reasons_for(g.account, student),
    }


@bp.get("/students/<student_id>/supports")
@requires(Permission.VIEW_STUDENT, on=Student)
def supports(student: Student) -> Answer:
    """List the supports in which a student is and was."""
    disclose(EventKind.STUDENT_VIEWED, student, tab="supports")
    lines = supports_of_student(student, by=g.account)
    return htmx.render("students/supports.html", student=student, lines=lines)


@bp.route("/students/<student_id>/planning", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDENT, on=Student)
def plan(student: Student) -> Answer:
    """Edit the planning fields of a student."""
    disclose(EventKind.STUDENT_VIEWED, student, tab="planning")
    form = PlanningForm.of(student)
    if form.validate_on_submit() and (changed := _revise(student, form)) is not None:
        htmx.flash(_("Saved.") if changed else _("Nothing was changed."))
        return _respond(student)
    return htmx.render("students/plan.html", "planning", student=student, form=form), form.status


def _revise(student: Student, form: PlanningForm) -> int | None:
    wishes = form.edits
    return form.attempt(lambda: change_fields(student, wishes, by=g.account))


def _respond(student: Student) -> Answer:
    if htmx.wants_part():
        db.commit_now()  # what is shown is read outside the write transaction
        return htmx.render("students/show.html", "planning", **_overview(student))
    return htmx.redirect(url_for("students.show", student_id=student.public_id))


@bp.get("/students/<student_id>/planning/history")
@requires(Permission.VIEW_STUDENT, on=Student)
def planning_history(student: Student) -> Answer:
    """Show the history of a student's planning fields."""
    disclose(EventKind.STUDENT_VIEWED, student, tab="planning history")
    changes = changes_of(student, after=request.args.get("after", "")[:22])
    parts = ("changes", "more") if "after" in request.args else ()
    context = {"student": student, "changes": changes, "fields": FIELDS}
    return htmx.render("students/planning_history.html", *parts, **context)
