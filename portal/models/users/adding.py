"""Adding a person by hand to a school or network (rules B7 and B19)."""

from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.exc import IntegrityError

from portal.db import Refused, db
from portal.models.accounts.account import Staff
from portal.models.event import Event, EventKind
from portal.models.schools.network import Network
from portal.models.schools.school import School
from portal.models.users.any_membership import AnyMembership
from portal.models.users.level_change import change_level, membership_at, new_membership
from portal.models.users.membership import Membership
from portal.models.users.trusted_status import confirm_trust
from portal.policy.delegation import Access
from portal.policy.reach import Actor
from portal.text.language import gettext as _
from portal.text.names import full_name

_Row = TypeVar("_Row")


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """Who is to be added. `email` is in lower case."""

    given_name: str
    family_name: str
    email: str
    title: str

    @property
    def name(self) -> str:
        """The full name; somebody with a single name has no blank behind it."""
        return full_name(self.given_name, self.family_name)


def objection_to(newcomer: Newcomer, place: School | Network) -> str | None:
    """Return why this person cannot be added to `place`; none when they can."""
    staff = Staff.with_email(newcomer.email)
    if staff is None:
        return None
    if membership_at(place).of(staff, place):
        return _("Somebody with this email is on the list already. Change their access level there.")
    if staff.is_closed():
        return _("The account with this email is blocked. Only the operator can open it again.")
    return None


def add_user(
    newcomer: Newcomer, place: School | Network, access: Access, *, by: Actor, wording: str
) -> AnyMembership:
    """Add this person to `place` with `access`; `by` has confirmed their trusted status in the words of `wording`.

    Whoever is staff already keeps that account, name and password; everybody else gets an invitation by mail.
    At a school the title is kept for that school; at a network the title of the account counts.
    Raises Refused when `by` may not give that access, or the person is there already.
    """
    refusal = objection_to(newcomer, place)
    if refusal:
        raise Refused(refusal)
    staff = Staff.with_email(newcomer.email) or _account(newcomer, by=by)
    row = _insert(new_membership(staff, place))
    confirm_trust(row, by=by, wording=wording)
    if isinstance(row, Membership):
        row.rename(newcomer.title, by=by)
    change_level(row, access, by=by)
    return row


def _account(newcomer: Newcomer, *, by: Actor) -> Staff:
    staff = _insert(
        Staff(
            email=newcomer.email, given_name=newcomer.given_name, family_name=newcomer.family_name,
            title=newcomer.title or None,
        )
    )  # fmt: skip
    Event.record(EventKind.ACCOUNT_CREATED, by=by, about_id=staff.id)
    return staff


def _insert(row: _Row) -> _Row:
    """Store `row`. Raises Refused when another request with the same email was first."""
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError:
        raise Refused(_("Somebody with this email was added a moment ago. Look at the list again.")) from None
    return row
