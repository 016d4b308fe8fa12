"""Who may change whose access level, and to which: rules B2 and B8, each as the sentence that refuses."""

from typing import TYPE_CHECKING, Any

from portal.policy.delegation import Access, grantable
from portal.policy.permissions import APPOINTED, AccessLevel
from portal.text.language import gettext as _

if TYPE_CHECKING:
    from portal.models.users.membership import Membership


def objection_to_person(row: "Membership", *, by: Any, own: AccessLevel) -> str | None:
    """Why `by`, who holds `own` at that school, may not change this person's level; none when they may."""
    if row.staff_id == by.id:
        return _("Nobody changes their own access level. Ask another admin of the school.")
    if row.level in APPOINTED:
        return _("The School Admin comes from the staff file. Only the operator can correct that.")
    if row.staff.is_closed():
        return _("This account is blocked everywhere. Only the operator can open it again.")
    if not Access(own).covers(Access(AccessLevel(row.level))):
        return _("This access level is above your own.")
    return None


def objection_to_level(to: AccessLevel, own: AccessLevel) -> str | None:
    """Why somebody at `own` may not give `to` to anybody; none when they may."""
    if to in APPOINTED:
        return _("School Admin is not given here: it comes from the staff file.")
    if to not in grantable(own):
        return _("Nobody can give an access level that grants more than their own.")
    return None
