"""Keeping somebody from seeing a student, such as after a decision on custody, and ending that."""

from typing import Any

from flask import Blueprint, g, request

from portal.db import Refused
from portal.forms.restrictions import RestrictionEndForm, RestrictionForm
from portal.models import EventKind, Restriction, Student
from portal.models.guardians.restricting import lift, restrict
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.portal_access import back_to
from portal.web import htmx
from portal.web.disclosures import disclose
from portal.web.guard import requires

bp = Blueprint("restrictions", __name__)


@bp.route("/students/<student_id>/restrictions/new", methods=["GET", "POST"])
@requires(Permission.RESTRICT_GUARDIAN, on=Student)
def create(student: Student) -> Any:
    disclose(EventKind.PORTAL_ACCESS_VIEWED, student)
    form = RestrictionForm.of(student, chosen=request.args.get("pairing", ""))
    restriction = _placed(student, form) if form.validate_on_submit() else None
    if restriction:
        htmx.tell(_("Access is restricted for %(email)s.", email=restriction.email))
        return back_to(student, "guardians", "code", "history")
    return htmx.render("restrictions/create.html", student=student, form=form), form.status


@bp.route("/restrictions/<restriction_id>/end", methods=["GET", "POST"])
@requires(Permission.RESTRICT_GUARDIAN, on=Restriction)
def delete(restriction: Restriction) -> Any:
    form, student = RestrictionEndForm(), restriction.student
    if form.validate_on_submit():
        lift(restriction, by=g.account, reason=form.reason.data)
        htmx.tell(_("The restriction has ended."))
        return back_to(student, "guardians", "history")
    words = {"student": student, "restriction": restriction, "form": form}
    return htmx.render("restrictions/delete.html", "ending", **words), form.status


def _placed(student: Student, form: RestrictionForm) -> Restriction | None:
    replaces_code = form.replaces_code.data
    try:
        return restrict(student, form.whom, form.order, replaces_code=replaces_code, by=g.account)
    except Refused as refusal:
        form.refuse(refusal)
        return None
