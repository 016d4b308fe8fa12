"""The students in a support: adding some, taking one out."""

from typing import Any

from flask import g

from portal.db import Refused
from portal.forms.support_students import RemovalForm, SupportStudentsForm, searched_words
from portal.models import Student, Support, SupportStudent
from portal.models.rows import Done
from portal.models.supports.adding import place
from portal.models.supports.candidates import candidates
from portal.models.supports.caseload import Reason
from portal.models.supports.caseload_reasons import is_last_reason
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.text.language import ngettext
from portal.views.blueprints import supports as bp
from portal.views.supports.supports import back_to
from portal.web import htmx
from portal.web.guard import requires


@bp.route("/supports/<support_id>/students", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDENT, on=Support)
def add_students(support: Support) -> Any:
    """Find students, and put them into a support."""
    form = SupportStudentsForm.among(candidates(support, searched_words(), by=g.account))
    if form.validate_on_submit() and _is_placed(support, form):
        return back_to(support)
    return htmx.render("supports/add_students.html", "found", support=support, form=form), form.status


@bp.route("/supports/students/<support_student_id>/removal", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDENT, on=SupportStudent)
def remove_student(support_student: SupportStudent) -> Any:
    """Take a student out of a support."""
    form = RemovalForm()
    is_last = is_last_reason(g.account, support_student.student, Reason.SUPPORT, support_student.support_id)
    if form.validate_on_submit():
        support_student.end(by=g.account)
        htmx.flash(_sentence_after_removal(support_student, is_last=is_last))
        return back_to(support_student.support)
    context = {"place": support_student, "form": form, "is_last": is_last}
    return htmx.render("supports/remove_student.html", "removal", **context), form.status


def _is_placed(support: Support, form: SupportStudentsForm) -> bool:
    chosen = Student.id.in_([student.id for student in form.students.rows])
    try:
        htmx.flash(sentence_about(place(chosen, support, by=g.account, days=form.days)))
    except Refused as refusal:
        form.refuse(refusal)
        return False
    return True


def sentence_about(done: Done) -> str:
    """What came of it, in words."""
    added = ngettext("%(num)s student was added.", "%(num)s students were added.", done.changed)
    already = ngettext("%(num)s was in it already.", "%(num)s were in it already.", done.already)
    return f"{added} {already}" if done.already else added


def _sentence_after_removal(place: SupportStudent, *, is_last: bool) -> str:
    if is_last:
        return _("%(name)s is no longer on your caseload.", name=place.student.name)
    return _("%(name)s was taken out of %(support)s.", name=place.student.name, support=place.support.name)
