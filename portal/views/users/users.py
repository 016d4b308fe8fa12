"""Settings > User Management: who works at a school, and what each of them may do."""

from typing import Any

from flask import abort, g, request, url_for

from portal.forms.users import DeactivationForm, LevelBatchForm, MembershipForm, UserSearchForm
from portal.models import Membership, School
from portal.models.supports.duties import duties_of
from portal.models.users import level_change
from portal.models.users.invitation import invite_again
from portal.models.users.level_change import change_level
from portal.models.users.level_rules import objection_to_person
from portal.models.users.list import line_of, users_of
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.blueprints import users as bp
from portal.web import htmx
from portal.web.current_school import school_choice
from portal.web.guard import requires


@bp.get("/settings/users")
@requires(Permission.MANAGE_USERS)
def index() -> Any:
    """List the staff of a school."""
    schools, school = managed_schools()
    form = UserSearchForm.of(schools)
    page = users_of(school, form.filter, by=g.account)
    parts = ("rows", "more") if form.filter.after else ("results",)
    batch = LevelBatchForm.at(school, by=g.account) if request.args.get("select") else None
    return htmx.render("users/index.html", *parts, form=form, school=school, page=page, batch=batch)


@bp.route("/settings/users/<membership_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS, on=Membership, writes_itself=True)
def edit(membership: Membership) -> Any:
    """Change one person's title and access level at a school."""
    form = MembershipForm.of(membership, by=g.account)
    if form.validate_on_submit() and form.confirm_password() and _is_saved(membership, form):
        return back_to_list(membership, _("The details of %(name)s are saved.", name=membership.staff.name))
    page = htmx.render("users/edit.html", "details", membership=membership, form=form)
    return page, form.status, form.headers


def managed_schools() -> tuple[list[School], School]:
    """The schools whose staff this person manages, and the one this page is about."""
    schools, school = school_choice(Permission.MANAGE_USERS)
    return schools, school or abort(404)


def back_to_list(membership: Membership, message: str) -> Any:
    """After an act about one person: their row as it is now, or the list."""
    htmx.flash(message)
    if htmx.wants_part():
        return htmx.render("users/index.html", "row", line=line_of(membership), batch=None)
    return htmx.redirect(url_for("users.index", school=membership.school.public_id))


def _is_saved(membership: Membership, form: MembershipForm) -> bool:
    form.attempt(lambda: _save(membership, form))
    return not form.form_errors


def _save(membership: Membership, form: MembershipForm) -> None:
    membership.rename(form.title.data, by=g.account)
    if form.to:
        change_level(membership, form.to, by=g.account, seen=form.seen.data)


@bp.route("/settings/users/<membership_id>/deactivation", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS, on=Membership, writes_itself=True)
def deactivate(membership: Membership) -> Any:
    """Say what it means, and take a person's access at a school away."""
    form = DeactivationForm(seen=membership.level)
    own = membership.access_of(g.account, membership.school_id)
    objection = objection_to_person(membership, by=g.account, own=own)
    if form.validate_on_submit() and form.confirm_password() and _is_done(membership, form):
        return back_to_list(membership, _("%(name)s has no access any more.", name=membership.staff.name))
    context = {
        "membership": membership,
        "form": form,
        "objection": objection,
        "duties": duties_of(membership),
    }
    return htmx.render("users/deactivate.html", "deactivation", **context), form.status, form.headers


def _is_done(membership: Membership, form: DeactivationForm) -> bool:
    form.attempt(lambda: level_change.deactivate(membership, by=g.account, seen=form.seen.data))
    return not form.form_errors


@bp.post("/settings/users/<membership_id>/invitation")
@requires(Permission.MANAGE_USERS, on=Membership)
def invite(membership: Membership) -> Any:
    """Mail the invitation once more."""
    invite_again(membership, by=g.account)
    return back_to_list(membership, _("An invitation goes to %(email)s.", email=membership.staff.email))
