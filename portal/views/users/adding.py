"""Add User: the details, and then that the person may be trusted."""

from typing import Any

from flask import g, url_for

from portal.db import Refused
from portal.forms.users import NewUserForm, TrustedStatusForm
from portal.models import Membership, School
from portal.models.users.adding import add_user, objection_to
from portal.models.users.trusted_status import wording_for
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.blueprints import users as bp
from portal.views.users.users import managed_schools
from portal.web import htmx
from portal.web.guard import requires


@bp.post("/settings/users/new/trusted-status")
@requires(Permission.MANAGE_USERS, writes_itself=True)
def confirm_trust() -> Any:
    """Add the person, once it is attested that they may be trusted (rule B7)."""
    _schools, school = managed_schools()
    form = TrustedStatusForm.at(school, by=g.account)
    if form.validate_on_submit() and form.confirm_password() and (added := _added(form, school)):
        return _respond(added)
    return ask_to_confirm(form, school)


def ask_to_confirm(form: TrustedStatusForm, school: School) -> Any:
    """The page on which trusted status is confirmed, with what was typed before."""
    context = {"form": form, "school": school, "wording": _wording(form, school)}
    page = htmx.render("users/confirm_trust.html", "trusted_status", **context)
    return page, form.status, form.headers


def _wording(form: TrustedStatusForm, school: School) -> str:
    return wording_for(f"{form.given_name.data} {form.family_name.data}".strip(), school)


def _added(form: TrustedStatusForm, school: School) -> Membership | None:
    wording = _wording(form, school)
    return form.attempt(lambda: add_user(form.newcomer, school, by=g.account, wording=wording))


def _respond(added: Membership) -> Any:
    name, email = added.staff.name, added.staff.email
    if added.staff.password_hash:
        htmx.flash(_("%(name)s had an account already and can use it here now.", name=name))
    else:
        htmx.flash(_("%(name)s is added. An invitation goes to %(email)s.", name=name, email=email))
    return htmx.redirect(url_for("users.index", school=added.school.public_id))


@bp.route("/settings/users/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS, writes_itself=True)
def add() -> Any:
    """Take the details of somebody the staff file does not bring."""
    _schools, school = managed_schools()
    form = NewUserForm.at(school, by=g.account)
    if form.validate_on_submit() and _may_come(form, school):
        return ask_to_confirm(TrustedStatusForm.at(school, by=g.account), school)
    return htmx.render("users/add.html", "new_user", form=form, school=school), form.status


def _may_come(form: NewUserForm, school: School) -> bool:
    objection = objection_to(form.newcomer, school)
    if objection:
        form.refuse(Refused(objection), form.email)
    return objection is None
