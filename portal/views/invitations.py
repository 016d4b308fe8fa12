"""The invitation once more, for somebody who lost the mail or never got it."""

from typing import Any

from flask import Blueprint, g

from portal.models import Membership
from portal.models.users.invitation import invite_again
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.memberships import back_to_list
from portal.web.guard import requires

bp = Blueprint("invitations", __name__)


@bp.post("/settings/users/<membership_id>/invitation")
@requires(Permission.MANAGE_USERS, on=Membership)
def create(membership: Membership) -> Any:
    invite_again(membership, by=g.account)
    return back_to_list(membership, _("An invitation goes to %(email)s.", email=membership.staff.email))
