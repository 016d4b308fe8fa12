"""The point person of a student for one subject."""

from typing import Any

from flask import g, url_for

from portal.db import Refused
from portal.forms.students import PointPersonForm
from portal.models import PointKind, Student
from portal.models.supports.assigning import appoint
from portal.models.supports.caseload import Reason
from portal.models.supports.caseload_reasons import is_last_reason
from portal.models.supports.point_people import Post, former_point_people, point_people_of
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.blueprints import students as bp
from portal.web import htmx
from portal.web.guard import requires

KINDS = ", ".join(PointKind)


@bp.route(f"/students/<student_id>/point-people/<any({KINDS}):kind>", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDENT, on=Student)
def choose_point_person(student: Student, kind: str) -> Any:
    """Choose the point person of a student for one subject."""
    post = next(post for post in point_people_of(student) if post.kind == kind)
    form = PointPersonForm.at(student.school_id, now=post.public_id)
    is_last = _is_last(student, post)
    if form.validate_on_submit() and _is_appointed(student, post, form, is_last=is_last):
        return _respond(student, is_lost=is_last and not g.account.may(Permission.VIEW_STUDENT, student))
    former = former_point_people(student, post.kind)
    context = {"student": student, "post": post, "form": form, "former": former, "is_last": is_last}
    return htmx.render("students/choose_point_person.html", "appointment", **context), form.status


def _is_last(student: Student, post: Post) -> bool:
    """Whether being point person is all that lets whoever asks see this student."""
    if post.public_id != g.account.public_id or post.row_id is None:
        return False
    return is_last_reason(g.account, student, Reason.POINT_PERSON, post.row_id)


def _is_appointed(student: Student, post: Post, form: PointPersonForm, *, is_last: bool) -> bool:
    try:
        done = appoint(Student.id == student.id, post.kind, form.staff.row, by=g.account).changed
    except Refused as refusal:
        form.refuse(refusal, form.staff)
        return False
    g.account.forget_rights()
    if is_last and done:
        htmx.flash(_("%(name)s is no longer on your caseload.", name=student.name))
    else:
        htmx.flash(_("Saved.") if done else _("Nothing was changed."))
    return True


def _respond(student: Student, *, is_lost: bool) -> Any:
    return htmx.redirect(
        url_for("caseloads.show") if is_lost else url_for("students.show", student_id=student.public_id)
    )
