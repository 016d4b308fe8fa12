"""A staff account as a whole: how it is sorted and searched, and how the operator blocks it or opens it again."""

from typing import Any

from sqlalchemy import delete, event, update

from portal import clock
from portal.db import Refused, db
from portal.models.accounts.account import Staff
from portal.models.accounts.second_factor import RecoveryCode
from portal.models.accounts.sign_in import SignIn
from portal.models.event import Event, EventKind
from portal.models.rows import changes_one, fold


def staff_keys(*, given: str, family: str, email: str) -> tuple[str, str]:
    """Return `sort_key` and `search_key` of a staff account; imports write them in bulk."""
    return fold(f"{family} {given}")[:260], fold(f"{given} {family} {email}")[:500]


def close(staff: Staff) -> bool:
    """Block the account everywhere, at once; levels, history and authorship stay. False when it was blocked already."""
    open_one = update(Staff).where(Staff.id == staff.id, ~Staff.is_closed())
    if not changes_one(open_one.values(closed_at=clock.now())):
        return False
    SignIn.end_all(staff)
    _record(EventKind.ACCOUNT_CLOSED, staff)
    return True


def reopen(staff: Staff) -> bool:
    """Let the account in again wherever it has a level. False when it was not blocked."""
    closed = update(Staff).where(Staff.id == staff.id, Staff.is_closed())
    is_changed = changes_one(closed.values(closed_at=None))
    if is_changed:
        _record(EventKind.ACCOUNT_OPENED, staff)
    return is_changed


def forget_second_factor(staff: Staff) -> None:
    """Sign the person out and have them set up a new one at their next sign-in. Raises Refused when there is none."""
    kept = update(Staff).where(Staff.id == staff.id, Staff.totp_sealed.is_not(None))
    if not changes_one(kept.values(totp_sealed=None, totp_last_step=None)):
        raise Refused(f"{staff.email} has no second factor.")
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff.id))
    SignIn.end_all(staff)
    _record(EventKind.SECOND_FACTOR_RESET, staff)


def _record(kind: EventKind, staff: Staff) -> None:
    Event.record(kind, about_id=staff.id, source="operator")
    db.session.refresh(staff)


@event.listens_for(Staff, "before_insert")
@event.listens_for(Staff, "before_update")
def _set_keys(_mapper: Any, _connection: Any, staff: Staff) -> None:
    staff.sort_key, staff.search_key = staff_keys(
        given=staff.given_name, family=staff.family_name, email=staff.email
    )
