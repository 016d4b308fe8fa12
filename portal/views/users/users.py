"""Settings > User Management: who works at a school, and what each of them may do."""

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
from portal.web.htmx import Answer


@bp.get("/settings/users")
@requires(Permission.MANAGE_USERS)
def index() -> Answer:
    """List the staff of a school."""
    schools, school = managed_schools()
    form = UserSearchForm.of(schools)
    page = users_of(school, form.filter, by=g.account)
    parts = ("rows", "more") if form.filter.after else ("results",)
    batch = LevelBatchForm.at(school, by=g.account) if request.args.get("select") else None
    return htmx.render("users/index.html", *parts, form=form, school=school, page=page, batch=batch)


@bp.route("/settings/users/<membership_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS, on=Membership, writes_itself=True)
def edit(membership: Membership) -> Answer:
    """Change one person's title and access level at a school."""
    form = MembershipForm.of(membership, by=g.account)
    if form.validate_on_submit() and form.confirm_password() and _save(membership, form):
        return _back_to_list(membership, _("The details of %(name)s are saved.", name=membership.staff.name))
    page = htmx.render("users/edit.html", "details", membership=membership, form=form)
    return page, form.status, form.headers


@bp.route("/settings/users/<membership_id>/deactivation", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS, on=Membership, writes_itself=True)
def deactivate(membership: Membership) -> Answer:
    """Say what it means, and take a person's access at a school away."""
    form = DeactivationForm(seen=membership.level)
    own = membership.access_of(g.account, membership.school_id)
    objection = objection_to_person(membership, by=g.account, own=own)
    if form.validate_on_submit() and form.confirm_password() and _deactivate(membership, form):
        return _back_to_list(membership, _("%(name)s has no access any more.", name=membership.staff.name))
    page = htmx.render(
        "users/deactivate.html", "deactivation", membership=membership, form=form, objection=objection,
        duties=duties_of(membership),
    )  # fmt: skip
    return page, form.status, form.headers


@bp.post("/settings/users/<membership_id>/invitation")
@requires(Permission.MANAGE_USERS, on=Membership)
def invite(membership: Membership) -> Answer:
    """Mail the invitation once more."""
    invite_again(membership, by=g.account)
    return _back_to_list(membership, _("An invitation goes to %(email)s.", email=membership.staff.email))


def managed_schools() -> tuple[list[School], School]:
    """Return the schools whose staff this person manages, and the one this page is about."""
    schools, school = school_choice(Permission.MANAGE_USERS)
    return schools, school or abort(404)


def _back_to_list(membership: Membership, message: str) -> Answer:
    """After an act about one person: their row as it is now, or the list."""
    htmx.flash(message)
    if htmx.wants_part():
        return htmx.render("users/index.html", "row", line=line_of(membership), batch=None)
    return htmx.redirect(url_for("users.index", school=membership.school.public_id))


def _save(membership: Membership, form: MembershipForm) -> bool:
    """Write down title and level in one transaction. False when the rules say no, and the form says why."""

    def save() -> None:
        membership.rename(form.title.data, by=g.account)
        if form.to:
            change_level(membership, form.to, by=g.account, seen=form.seen.data)

    form.attempt(save)
    return not form.form_errors


def _deactivate(membership: Membership, form: DeactivationForm) -> bool:
    """Take the access away. False when the rules say no, and the form says why."""
    form.attempt(lambda: level_change.deactivate(membership, by=g.account, seen=form.seen.data))
    return not form.form_errors
