"""The students in a support: adding some, adding everybody who was chosen on a list, taking one out."""

from typing import Any

from flask import g, request, url_for

from portal.forms.base import Form
from portal.forms.selection import answer_for_chosen
from portal.forms.supports import SupportBatchForm, SupportStudentsForm, searched_words
from portal.models import School, Student, Support, SupportStudent
from portal.models.grid.filter import GridFilter
from portal.models.rows import Done
from portal.models.students.filter import StudentFilter
from portal.models.students.list import sees_status
from portal.models.students.selection import ListFilter, Selection
from portal.models.supports.adding import (
    add_selection,
    add_to_support,
    open_supports,
    plan_adding,
    students_to_add,
)
from portal.models.supports.caseload import Reason
from portal.models.supports.caseload_reasons import is_last_reason
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.text.language import ngettext
from portal.views.blueprints import supports as bp
from portal.web import htmx
from portal.web.guard import requires
from portal.web.htmx import Answer
from portal.web.lanes import Lane

#: Where students can be ticked; each list has search fields of its own.
LISTS = "students, grid"


@bp.route("/supports/<support_id>/students", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDENT, on=Support)
def add_students(support: Support) -> Answer:
    """Find students, and put them into a support."""
    form = SupportStudentsForm.among(students_to_add(support, searched_words(), by=g.account))
    if form.validate_on_submit() and (done := _add(form, support)):
        return _back_to(support, _sentence_about(done))
    return htmx.render("supports/add_students.html", "found", support=support, form=form), form.status


def _add(form: SupportStudentsForm, support: Support) -> Done | None:
    are_ticked = Student.id.in_([student.id for student in form.students.rows])
    return form.attempt(lambda: add_to_support(are_ticked, support, by=g.account, days=form.days))


def _back_to(support: Support, message: str) -> Answer:
    htmx.flash(message)
    return htmx.redirect(url_for("supports.show", support_id=support.public_id))


def _sentence_about(done: Done) -> str:
    added = ngettext("%(num)s student was added.", "%(num)s students were added.", done.changed)
    already = ngettext("%(num)s was in it already.", "%(num)s were in it already.", done.already)
    return f"{added} {already}" if done.already else added


@bp.post(f"/schools/<school_id>/<any({LISTS}):listing>/supports/plan")
@requires(Permission.CREATE_SUPPORT, on=School, writes_itself=True, lane=Lane.ACTS)
def plan_batch(school: School, listing: str) -> Answer:
    """Ask into which support the chosen students go."""
    list_filter = _sent_filter(listing, school)
    form = SupportBatchForm.among(open_supports(school))
    return answer_for_chosen(
        list_filter, lambda chosen: _page(form, listing, school, chosen), back=_ticks(list_filter)
    )


def _sent_filter(listing: str, school: School) -> StudentFilter | GridFilter:
    """Return the filter of the list from which the students were sent."""
    if listing == "grid":
        return GridFilter.from_query(request.form, school, sees_guardians=sees_status(g.account))
    return StudentFilter.from_query(request.form)._replace(school=school.public_id, status=None)


def _ticks(list_filter: ListFilter) -> str:
    """Return the address of the list with the same filter and with check boxes."""
    endpoint = "grid.index" if isinstance(list_filter, GridFilter) else "students.index"
    address: dict[str, Any] = {**list_filter.query, "select": 1}
    return url_for(endpoint, **address)


def _page(form: SupportBatchForm, listing: str, school: School, chosen: Selection) -> Answer:
    """Return the page that asks which support, and says for how many. Raises Refused as `plan_adding` does."""
    plan = plan_adding(chosen, by=g.account)
    form.seen = plan.seen
    context = {"form": form, "listing": listing, "school": school, "selection": chosen, "plan": plan}
    page = htmx.render("supports/batch.html", "placement", back=_ticks(chosen.list_filter), **context)
    return page, form.status


@bp.post(f"/schools/<school_id>/<any({LISTS}):listing>/supports/batch")
@requires(Permission.CREATE_SUPPORT, on=School, writes_itself=True, lane=Lane.ACTS)
def confirm_batch(school: School, listing: str) -> Answer:
    """Put all chosen students into one support, or none."""
    list_filter = _sent_filter(listing, school)
    form = SupportBatchForm.among(open_supports(school))

    def answer(chosen: Selection) -> Answer:
        if form.validate() and (done := _add_selection(form, chosen)):
            return _back_to(form.into.row, _sentence_about(done))
        return _page(form, listing, school, chosen)

    return answer_for_chosen(list_filter, answer, back=_ticks(list_filter))


def _add_selection(form: SupportBatchForm, chosen: Selection) -> Done | None:
    support, seen = form.into.row, form.seen
    return form.attempt(lambda: add_selection(chosen, support, days=form.days, seen=seen, by=g.account))


@bp.route("/supports/students/<support_student_id>/removal", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDENT, on=SupportStudent)
def remove_student(support_student: SupportStudent) -> Answer:
    """Take a student out of a support."""
    form = Form()
    is_last = is_last_reason(g.account, support_student.student, Reason.SUPPORT, support_student.support_id)
    if form.validate_on_submit():
        support_student.end(by=g.account)
        return _back_to(support_student.support, _sentence_after_removal(support_student, is_last=is_last))
    context = {"support_student": support_student, "form": form, "is_last": is_last}
    return htmx.render("supports/remove_student.html", "removal", **context), form.status


def _sentence_after_removal(row: SupportStudent, *, is_last: bool) -> str:
    if is_last:
        return _("%(name)s is no longer on your caseload.", name=row.student.name)
    return _("%(name)s was taken out of %(support)s.", name=row.student.name, support=row.support.name)
