"""How many guardians a student may have at once."""

from typing import Any

from flask import Blueprint, g

from portal.forms.guardian_limits import GuardianLimitForm
from portal.models import Student
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.portal_access import back_to
from portal.web import htmx
from portal.web.guard import requires

bp = Blueprint("guardian_limits", __name__)


@bp.route("/students/<student_id>/guardian-limit", methods=["GET", "POST"])
@requires(Permission.MANAGE_CODES, on=Student)
def update(student: Student) -> Any:
    form = GuardianLimitForm(limit=student.guardian_limit)
    if form.validate_on_submit():
        student.allow_guardians(form.limit.data, by=g.account)
        return _told(student)
    return htmx.render("guardian_limits/update.html", "limit", student=student, form=form), form.status


def _told(student: Student) -> Any:
    htmx.tell(_("Up to %(limit)s guardians can be connected now.", limit=student.guardian_limit))
    return back_to(student, "guardians", "history")
