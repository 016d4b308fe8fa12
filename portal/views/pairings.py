"""A guardian takes a child off their own account."""

from typing import Any

from flask import Blueprint, g, url_for

from portal import db
from portal.forms.form import Form
from portal.models import Pairing, Student
from portal.models.guardians.revocation import leave
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.web import htmx
from portal.web.guard import requires

bp = Blueprint("pairings", __name__)


@bp.route("/family/students/<student_id>/removal", methods=["GET", "POST"])
@requires(Permission.LEAVE_CHILD, on=Student)
def delete(student: Student) -> Any:
    form = Form()
    if form.validate_on_submit():
        own = Pairing.visible_to(g.account, Permission.LEAVE_CHILD)
        leave(db.session.scalars(own.filter_by(student_id=student.id)).one(), by=g.account)
        htmx.tell(_("%(name)s is no longer in your account.", name=student.name))
        return htmx.go_to(url_for("families.show"))
    return htmx.render("pairings/delete.html", form=form, student=student), form.status
