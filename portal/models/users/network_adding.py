"""Add User at a network: somebody comes to belong to it, since a person who may has vouched for them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError

from portal.db import Refused, db
from portal.models.accounts.account import Staff
from portal.models.event import Event, EventKind
from portal.models.schools.network import Network
from portal.models.users.network_access import objection_to_access, own_access, set_access
from portal.models.users.network_membership import NetworkMembership
from portal.models.users.trusted_status import TrustedStatus
from portal.policy.delegation import Access
from portal.text.language import gettext as _


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who is to be added. `email` is in lower case."""

    given_name: str
    family_name: str
    email: str
    title: str

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


def objection_to(person: Person, network: Network) -> str | None:
    """Why this person cannot be added to `network`; none when they can."""
    staff = Staff.with_email(person.email)
    if staff is None:
        return None
    if NetworkMembership.of(staff, network):
        return _("Somebody with this email is on the list already. Change their access level there.")
    if staff.is_closed():
        return _("The account with this email is blocked. Only the operator can open it again.")
    return None


def add_network_user(
    person: Person, network: Network, access: Access, *, by: Any, wording: str
) -> NetworkMembership:
    """Let this person in at `network`, since `by` has confirmed their trusted status in these words.

    Whoever is staff already keeps that account, name and password; everybody else gets an invitation by mail.
    Raises Refused when `by` may not give that access, or the person is here already.
    """
    refusal = objection_to(person, network) or objection_to_access(access, own_access(network, by))
    if refusal:
        raise Refused(refusal)
    staff = Staff.with_email(person.email) or _account(person, by=by)
    row: NetworkMembership = _added(NetworkMembership(staff_id=staff.id, network_id=network.id))
    db.session.add(TrustedStatus(network_membership_id=row.id, confirmed_by_id=by.id, wording=wording))
    Event.record(EventKind.TRUSTED_STATUS_CONFIRMED, by=by, about_id=staff.id, network_id=network.id)
    set_access(row, access, by=by)
    return row


def _account(person: Person, *, by: Any) -> Staff:
    staff: Staff = _added(
        Staff(
            email=person.email, given_name=person.given_name, family_name=person.family_name,
            title=person.title or None,
        )
    )  # fmt: skip
    Event.record(EventKind.ACCOUNT_CREATED, by=by, about_id=staff.id)
    return staff


def _added(row: Any) -> Any:
    """Store `row`. Raises Refused when another request with the same email was first."""
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError:
        raise Refused(_("Somebody with this email was added a moment ago. Look at the list again.")) from None
    return row
