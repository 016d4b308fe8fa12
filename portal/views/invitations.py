"""The invitation once more, for somebody who lost the mail or never got it."""

from typing import Any

from flask import Blueprint, g

from portal.guard import requires
from portal.language import gettext as _
from portal.models import Membership
from portal.models.invitation import invite_again
from portal.permissions import Permission
from portal.views.memberships import back_to_list

bp = Blueprint("invitations", __name__)


@bp.post("/settings/users/<membership_id>/invitation")
@requires(Permission.MANAGE_USERS, on=Membership)
def create(membership: Membership) -> Any:
    invite_again(membership, by=g.account)
    return back_to_list(membership, _("An invitation goes to %(email)s.", email=membership.staff.email))
