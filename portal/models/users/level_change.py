"""Giving a person another access level at a school or network, with what follows for sign-ins and mail."""

from typing import Any

from portal.db import Refused, db
from portal.models.accounts.account import Staff
from portal.models.accounts.sign_in import SignIn
from portal.models.schools.network import Network
from portal.models.schools.school import School
from portal.models.users.any_membership import AnyMembership
from portal.models.users.invitation import invite
from portal.models.users.level_rules import objection_to_access, objection_to_person
from portal.models.users.membership import Membership
from portal.models.users.network_membership import NetworkMembership
from portal.policy.delegation import Access
from portal.policy.evaluator import has_portfolio
from portal.policy.permissions import Permission
from portal.policy.reach import Actor
from portal.text.language import gettext as _


def change_level(row: AnyMembership, to: Access, *, by: Actor, seen: str | None = None) -> bool:
    """Give this person other access there, in force on their next request. False when they hold it already.

    `seen` is the level that stood on the page where this was decided. Raises Refused where rules B2 and B8 say no,
    and when somebody else has changed the level meanwhile. Saving the same level ends a review.
    """
    row.lock()
    own, old = row.access_of(by, row.place_id), row.access
    if not has_portfolio(to.level):
        to = to._replace(portfolio=old.portfolio)  # kept without effect: with the level it comes back
    if to == old and not row.needs_review:
        return False
    refusal = (
        objection_to_person(row, by=by, own=own)
        or objection_to_access(to, own=own)
        or _objection_to_page(row, seen)
    )
    if refusal:
        raise Refused(refusal)
    return _set(row, to, by=by)


def deactivate(row: Membership, *, by: Actor, seen: str | None = None) -> bool:
    """Give No Access: nothing is deleted, and another level lets them in again. Raises as `change_level`."""
    return change_level(row, Access(row.no_access), by=by, seen=seen)


def block(row: AnyMembership) -> bool:
    """Take away what this person holds there, as the operator, whatever it was. False when that is nothing already.

    What they hold elsewhere stays; so does a portfolio, for a later level.
    """
    row.lock()
    return row.is_open and _set(row, Access(row.no_access, portfolio=row.access.portfolio), by=None)


def appoint_admin(staff: Staff, place: School | Network) -> bool:
    """Make `staff` admin of a school or network, as only the operator may (rule B2). False when they are already.

    Whoever does not belong there yet does so from now on. Raises Refused for a closed account.
    """
    if staff.is_closed():
        raise Refused(f"{staff.email} is blocked. Open the account first: portal staff unblock {staff.email}")
    row = membership_at(place).of(staff, place) or new_membership(staff, place)
    db.session.add(row)
    db.session.flush()
    row.lock()
    return not row.has_level(row.admin_level) and _set(
        row, row.access._replace(level=row.admin_level), by=None
    )


def membership_at(place: School | Network) -> type[AnyMembership]:
    """Return the kind of membership by which somebody belongs to `place`."""
    return Membership if isinstance(place, School) else NetworkMembership


def new_membership(staff: Staff, place: School | Network) -> AnyMembership:
    """Return a membership of `staff` at `place`, at No Access, that is not stored yet."""
    kind: Any = membership_at(place)
    row: AnyMembership = kind(staff_id=staff.id, **{kind.place_column: place.id})
    return row


def _objection_to_page(row: AnyMembership, seen: str | None) -> str | None:
    if seen in (None, row.level):
        return None
    return _("Somebody changed this access level a moment ago: it is %(level)s now.", level=row.label)


def _set(row: AnyMembership, to: Access, *, by: Actor | None) -> bool:
    """Write `to` down. True when it is another access than before."""
    old, could_sign_in = row.access, row.is_open
    row.set_access(to, by=by)
    _let_in_or_out(row, could_sign_in=could_sign_in, by=by)
    return row.access != old


def _let_in_or_out(row: AnyMembership, *, could_sign_in: bool, by: Actor | None) -> None:
    """Sign out who has nowhere left to go; send an invitation to who comes in without a password."""
    row.staff.forget_rights()
    if not row.staff.may(Permission.SIGN_IN):
        SignIn.end_all(row.staff)
    elif not could_sign_in and row.may_be_invited:
        invite(row.staff, by=by, **row.place_detail)
