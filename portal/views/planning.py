"""The planning fields of one student, edited where they stand."""

from typing import Any

from flask import Blueprint, g, url_for

from portal.forms.planning import PlanningForm
from portal.models import EventKind, Student
from portal.models.students.planning import Stale, revise
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.students import overview
from portal.web import htmx
from portal.web.disclosures import disclose
from portal.web.guard import requires

bp = Blueprint("planning", __name__)


@bp.route("/students/<student_id>/planning", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDENT, on=Student)
def update(student: Student) -> Any:
    disclose(EventKind.STUDENT_VIEWED, student, tab="planning")
    form = PlanningForm.of(student)
    if form.validate_on_submit() and _is_saved(student, form):
        return _told(student)
    return htmx.render("planning/update.html", "planning", student=student, form=form), form.status


def _is_saved(student: Student, form: PlanningForm) -> bool:
    try:
        changed = revise(student, form.wishes, by=g.account)
    except Stale as stale:
        form.refuse_stale(stale)
        return False
    htmx.tell(_("Saved.") if changed else _("Nothing was changed."))
    return True


def _told(student: Student) -> Any:
    if htmx.wants_part():
        return htmx.render("students/show.html", "planning", **overview(student))
    return htmx.go_to(url_for("students.show", student_id=student.public_id))
