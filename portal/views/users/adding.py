"""Add User: the details of a person, then that they may be trusted. What schools and networks share stands here."""

from flask import g, url_for

from portal.db import Refused
from portal.forms.new_users import NewcomerForm, NewUserForm, TrustedUserForm, TrustForm
from portal.models import Network, School
from portal.models.users.adding import add_user, objection_to
from portal.models.users.any_membership import AnyMembership
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.blueprints import users as bp
from portal.views.users.users import managed_schools
from portal.web import htmx
from portal.web.guard import requires
from portal.web.htmx import Answer


@bp.route("/settings/users/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS, writes_itself=True)
def add() -> Answer:
    """Take the details of somebody the staff file does not bring."""
    _schools, school = managed_schools()
    form = NewUserForm.at(school, by=g.account)
    if form.validate_on_submit() and check_newcomer(form, school):
        return _ask_to_confirm(TrustedUserForm.at(school, by=g.account), school)
    return htmx.render("users/add.html", "new_user", form=form, school=school), form.status


@bp.post("/settings/users/new/trusted-status")
@requires(Permission.MANAGE_USERS, writes_itself=True)
def confirm_trust() -> Answer:
    """Add the person, once it is attested that they may be trusted (rule B7)."""
    _schools, school = managed_schools()
    form = TrustedUserForm.at(school, by=g.account)
    if form.validate_on_submit() and form.confirm_password() and (added := add_person(form, school)):
        return respond_added(added, url_for("users.index", school=school.public_id))
    return _ask_to_confirm(form, school)


def check_newcomer(form: NewcomerForm, place: School | Network) -> bool:
    """Check that this person can be added to `place`; the form says why not."""
    objection = objection_to(form.newcomer, place)
    if objection:
        form.refuse(Refused(objection), form.email)
    return objection is None


def add_person(form: TrustForm, place: School | Network) -> AnyMembership | None:
    """Add this person to `place`; none when the rules say no, and the form says why."""
    wording = form.wording(place)
    return form.attempt(lambda: add_user(form.newcomer, place, form.access, by=g.account, wording=wording))


def respond_added(added: AnyMembership, list_address: str) -> Answer:
    """Lead back to the list, and say whether an invitation goes out."""
    name, email = added.staff.name, added.staff.email
    if added.staff.password_hash:
        htmx.flash(_("%(name)s had an account already and can use it here now.", name=name))
    else:
        htmx.flash(_("%(name)s is added. An invitation goes to %(email)s.", name=name, email=email))
    return htmx.redirect(list_address)


def _ask_to_confirm(form: TrustedUserForm, school: School) -> Answer:
    """Return the page on which trusted status is confirmed, with what was typed before."""
    page = htmx.render("users/confirm_trust.html", "trusted_status", form=form, school=school)
    return page, form.status, form.headers
