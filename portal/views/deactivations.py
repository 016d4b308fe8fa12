"""Taking somebody's access away: what it means, and doing it."""

from typing import Any

from flask import Blueprint, g

from portal.forms.memberships import DeactivationForm
from portal.models import Membership
from portal.models.supports.duties import duties_of
from portal.models.users.level_change import deactivate
from portal.models.users.level_rules import objection_to_person
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.memberships import back_to_list
from portal.web import htmx
from portal.web.guard import requires

bp = Blueprint("deactivations", __name__)


@bp.route("/settings/users/<membership_id>/deactivation", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS, on=Membership, writes_itself=True)
def create(membership: Membership) -> Any:
    form = DeactivationForm(seen=membership.level)
    own = Membership.level_at(membership.school_id, g.account)
    objection = objection_to_person(membership, by=g.account, own=own)
    if form.validate_on_submit() and form.is_sure() and _is_done(membership, form):
        return back_to_list(membership, _("%(name)s has no access any more.", name=membership.staff.name))
    words = {"membership": membership, "form": form, "objection": objection, "duties": duties_of(membership)}
    return htmx.render("deactivations/create.html", "deactivation", **words), form.status, form.headers


def _is_done(membership: Membership, form: DeactivationForm) -> bool:
    form.attempt(lambda: deactivate(membership, by=g.account, seen=form.seen.data))
    return not form.form_errors
