"""Giving a person another access level at a school, with what follows from it for sign-ins and mail."""

from typing import Any

from sqlalchemy import select, update

from portal.db import Refused, db
from portal.models.accounts.sign_in import SignIn
from portal.models.event import Event, EventKind
from portal.models.rows import changes_one
from portal.models.users.invitation import invite
from portal.models.users.level_rules import objection_to_level, objection_to_person
from portal.models.users.membership import Membership
from portal.policy.permissions import AccessLevel, Permission
from portal.text.language import gettext as _


def change_level(row: Membership, to: AccessLevel, *, by: Any, seen: str | None = None) -> bool:
    """Give this person another level there, in force on their next request. False when they hold it already.

    `seen` is the level that stood on the page where this was decided. Raises Refused where rules B2 and B8 say no,
    and when somebody else has changed the level meanwhile. Saving the same level ends a review.
    """
    row.lock()
    if row.has_level(to) and row.review_since is None:
        return False
    own = Membership.level_at(row.school_id, by)
    refusal = objection_to_person(row, by=by, own=own) or objection_to_level(to, own) or _is_stale(row, seen)
    if refusal:
        raise Refused(refusal)
    return _set(row, to, by=by)


def deactivate(row: Membership, *, by: Any, seen: str | None = None) -> bool:
    """No Access: nothing is deleted, and another level lets them in again. Raises as `change_level`."""
    return change_level(row, AccessLevel.NO_ACCESS, by=by, seen=seen)


def block(row: Membership) -> bool:
    """No Access by the operator's hand, whatever the level was, School Admin included."""
    row.lock()
    return not row.has_level(AccessLevel.NO_ACCESS) and _set(row, AccessLevel.NO_ACCESS, by=None)


def appoint_admin(*, staff_id: int, school_id: int) -> bool:
    """Make someone School Admin, as only the operator may; on a form this level is never offered.

    Whoever does not work there yet does so from now on. False when they are School Admin already.
    """
    found = select(Membership).where(Membership.staff_id == staff_id, Membership.school_id == school_id)
    row = db.session.scalar(found) or Membership(staff_id=staff_id, school_id=school_id)
    db.session.add(row)
    db.session.flush()
    row.lock()
    return not row.has_level(AccessLevel.SCHOOL_ADMIN) and _set(row, AccessLevel.SCHOOL_ADMIN, by=None)


def _is_stale(row: Membership, seen: str | None) -> str | None:
    if seen in (None, row.level):
        return None
    return _("Somebody changed this access level a moment ago: it is %(level)s now.", level=row.label)


def _set(row: Membership, to: AccessLevel, *, by: Any) -> bool:
    """Whether the level is another one now; in any case it has been looked at."""
    old, could_sign_in = row.level, row.is_open
    same = update(Membership).where(Membership.id == row.id, Membership.level == old)
    if not changes_one(same.values(level=to.value, review_since=None)):
        raise Refused(_("Somebody changed this access level a moment ago. Look again."))
    db.session.refresh(row, ["level", "review_since"])
    source: dict[str, Any] = {} if by else {"source": "operator"}
    kind = EventKind.LEVEL_REVIEWED if row.level == old else EventKind.LEVEL_CHANGED
    words: dict[str, Any] = {"school_id": row.school_id, "old": old, "new": row.level, **source}
    Event.record(kind, by=by, about_id=row.staff_id, **words)
    _let_in_or_out(row, could_sign_in=could_sign_in, by=by)
    return row.level != old


def _let_in_or_out(row: Membership, *, could_sign_in: bool, by: Any) -> None:
    """Who has nowhere left to go is signed out; who comes in without a password is sent an invitation."""
    row.staff.forget_rights()
    if not row.staff.may(Permission.SIGN_IN):
        SignIn.end_all(row.staff)
    elif not could_sign_in and row.may_be_invited:
        invite(row.staff, by=by, school_id=row.school_id)
