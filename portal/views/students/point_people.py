"""The point person of a student for one subject."""

from flask import g, url_for

from portal.forms.students import PointPersonForm
from portal.models import PointKind, Student
from portal.models.rows import Done
from portal.models.supports.assigning import assign_point_person
from portal.models.supports.caseload import Reason
from portal.models.supports.caseload_reasons import is_last_reason
from portal.models.supports.point_people import PointRole, former_point_people, point_people_of
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.blueprints import students as bp
from portal.web import htmx
from portal.web.guard import requires
from portal.web.htmx import Answer

KINDS = ", ".join(PointKind)


@bp.route(f"/students/<student_id>/point-people/<any({KINDS}):kind>", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDENT, on=Student)
def choose_point_person(student: Student, kind: str) -> Answer:
    """Choose the point person of a student for one subject."""
    role = next(role for role in point_people_of(student) if role.kind == kind)
    form = PointPersonForm.at(student.school_id, now=role.public_id)
    is_last = _is_last(student, role)
    if form.validate_on_submit() and (done := _appoint(student, role, form)):
        return _respond(student, done, is_last=is_last)
    former = former_point_people(student, role.kind)
    context = {"student": student, "role": role, "form": form, "former": former, "is_last": is_last}
    return htmx.render("students/choose_point_person.html", "appointment", **context), form.status


def _is_last(student: Student, role: PointRole) -> bool:
    """Whether being point person is all that lets whoever asks see this student."""
    if role.public_id != g.account.public_id or role.row_id is None:
        return False
    return is_last_reason(g.account, student, Reason.POINT_PERSON, role.row_id)


def _appoint(student: Student, role: PointRole, form: PointPersonForm) -> Done | None:
    own = Student.id == student.id
    return form.attempt(
        lambda: assign_point_person(own, role.kind, form.staff.row, by=g.account), at=form.staff
    )


def _respond(student: Student, done: Done, *, is_last: bool) -> Answer:
    """To the student, or to one's caseload where one no longer sees the student."""
    g.account.forget_rights()
    if is_last and done.changed:
        htmx.flash(_("%(name)s is no longer on your caseload.", name=student.name))
    else:
        htmx.flash(_("Saved.") if done.changed else _("Nothing was changed."))
    if is_last and not g.account.may(Permission.VIEW_STUDENT, student):
        return htmx.redirect(url_for("caseloads.show"))
    return htmx.redirect(url_for("students.show", student_id=student.public_id))
