"""Add User: the details of somebody the staff file does not bring."""

from typing import Any

from flask import Blueprint, g

from portal.db import Refused
from portal.forms.new_users import NewUserForm, TrustedStatusForm
from portal.models import School
from portal.models.users.adding import objection_to
from portal.policy.permissions import Permission
from portal.views.memberships import managed_schools
from portal.views.trusted_statuses import ask_to_confirm
from portal.web import htmx
from portal.web.guard import requires

bp = Blueprint("new_users", __name__)


@bp.route("/settings/users/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS, writes_itself=True)
def create() -> Any:
    _schools, school = managed_schools()
    form = NewUserForm.at(school, by=g.account)
    if form.validate_on_submit() and _may_come(form, school):
        return ask_to_confirm(TrustedStatusForm.at(school, by=g.account), school)
    return htmx.render("new_users/create.html", "new_user", form=form, school=school), form.status


def _may_come(form: NewUserForm, school: School) -> bool:
    objection = objection_to(form.newcomer, school)
    if objection:
        form.refuse(Refused(objection), form.email)
    return objection is None
