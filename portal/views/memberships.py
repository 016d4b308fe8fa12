"""Settings > User Management: who works at a school, and what each of them may do."""

from typing import Any

from flask import Blueprint, abort, g, request, url_for

from portal.forms.level_changes import BatchForm
from portal.forms.memberships import MembershipForm, UserSearchForm
from portal.models import Membership, School
from portal.models.users.level_change import change_level
from portal.models.users.list import line_of, users_of
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.web import htmx
from portal.web.current_school import place_for
from portal.web.guard import requires

bp = Blueprint("memberships", __name__, url_prefix="/settings/users")


@bp.get("")
@requires(Permission.MANAGE_USERS)
def index() -> Any:
    schools, school = managed_schools()
    form = UserSearchForm.of(schools)
    page = users_of(school, form.wanted, by=g.account)
    parts = ("rows", "more") if form.wanted.after else ("results",)
    batch = BatchForm.at(school, by=g.account) if request.args.get("select") else None
    return htmx.render("memberships/index.html", *parts, form=form, school=school, page=page, batch=batch)


@bp.route("/<membership_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS, on=Membership, writes_itself=True)
def update(membership: Membership) -> Any:
    form = MembershipForm.of(membership, by=g.account)
    if form.validate_on_submit() and form.is_sure() and _is_saved(membership, form):
        return back_to_list(membership, _("The details of %(name)s are saved.", name=membership.staff.name))
    page = htmx.render("memberships/update.html", "details", membership=membership, form=form)
    return page, form.status, form.headers


def managed_schools() -> tuple[list[School], School]:
    """The schools whose staff this person manages, and the one this page is about."""
    schools, school = place_for(Permission.MANAGE_USERS)
    return schools, school or abort(404)


def back_to_list(membership: Membership, message: str) -> Any:
    """After an act about one person: their row as it is now, or the list."""
    htmx.tell(message)
    if htmx.wants_part():
        return htmx.render("memberships/index.html", "row", line=line_of(membership), batch=None)
    return htmx.go_to(url_for("memberships.index", school=membership.school.public_id))


def _is_saved(membership: Membership, form: MembershipForm) -> bool:
    form.attempt(lambda: _save(membership, form))
    return not form.form_errors


def _save(membership: Membership, form: MembershipForm) -> None:
    membership.rename(form.title.data, by=g.account)
    if form.to:
        change_level(membership, form.to, by=g.account, seen=form.seen.data)
