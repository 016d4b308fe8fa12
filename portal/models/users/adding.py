"""Adding a member of staff by hand: an account, or one there is already, comes to belong to a school."""

from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.exc import IntegrityError

from portal.db import Refused, db
from portal.models.accounts.account import Staff
from portal.models.event import Event, EventKind
from portal.models.schools.school import School
from portal.models.users.level_change import change_level
from portal.models.users.membership import Membership
from portal.models.users.trusted_status import TrustedStatus
from portal.policy.permissions import AccessLevel
from portal.text.language import gettext as _

_Row = TypeVar("_Row")


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """Who is to be added, and at which level. `email` is in lower case."""

    given_name: str
    family_name: str
    email: str
    title: str
    level: AccessLevel

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


def objection_to(newcomer: Newcomer, school: School) -> str | None:
    """Why this person cannot be added to `school`; none when they can."""
    staff = Staff.with_email(newcomer.email)
    if staff is None:
        return None
    if Membership.of(staff, school):
        return _("Somebody with this email is on the list already. Change their access level there.")
    if staff.is_closed():
        return _("The account with this email is blocked. Only the operator can open it again.")
    return None


def add_user(newcomer: Newcomer, school: School, *, by: Any, wording: str) -> Membership:
    """Let this person in at `school`, since `by` has confirmed their trusted status in these words.

    Whoever is staff elsewhere keeps that account, name and password; everybody else gets an invitation by mail.
    Raises Refused when `by` may not give that level, or the person is here already.
    """
    refusal = objection_to(newcomer, school)
    if refusal:
        raise Refused(refusal)
    staff = Staff.with_email(newcomer.email) or _account(newcomer, by=by)
    membership = _added(Membership(staff_id=staff.id, school_id=school.id))
    db.session.add(TrustedStatus(membership_id=membership.id, confirmed_by_id=by.id, wording=wording))
    Event.record(EventKind.TRUSTED_STATUS_CONFIRMED, by=by, about_id=staff.id, school_id=school.id)
    membership.rename(newcomer.title, by=by)
    change_level(membership, newcomer.level, by=by)
    return membership


def _account(newcomer: Newcomer, *, by: Any) -> Staff:
    staff = _added(
        Staff(
            email=newcomer.email, given_name=newcomer.given_name, family_name=newcomer.family_name,
            title=newcomer.title or None,
        )
    )  # fmt: skip
    Event.record(EventKind.ACCOUNT_CREATED, by=by, about_id=staff.id)
    return staff


def _added(row: _Row) -> _Row:
    """Store `row`. Raises Refused when another request with the same email was first."""
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError:
        raise Refused(_("Somebody with this email was added a moment ago. Look at the list again.")) from None
    return row
