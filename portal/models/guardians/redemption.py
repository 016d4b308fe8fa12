"""Check the codes that somebody enters, and pair a guardian with their students."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Integer, String, and_, bindparam, case, func, insert, select
from sqlalchemy.orm.attributes import set_committed_value

from portal import clock
from portal.db import Refused, UtcDateTime, db
from portal.models.accounts import alarms, throttle
from portal.models.accounts.account import Account, Guardian
from portal.models.codes.access_code import AccessCode
from portal.models.codes.entered import find_codes
from portal.models.event import Event, EventKind
from portal.models.guardians.pairing import Pairing
from portal.models.guardians.restriction import barring
from portal.models.inserting import inserted
from portal.models.rows import new_public_id
from portal.models.students.student import Student
from portal.text.language import lazy_gettext

#: The same answer for every failure, so that a stranger learns nothing from it.
CANNOT_BE_USED = lazy_gettext(
    "This code can't be used. It may be mistyped, replaced or out of date. Ask the school for the current one."
)


class CodeRefused(Refused):
    """A code does not pair. Handlers must return an answer rather than raise, to commit the count of the try."""

    def __init__(self, canonical: str) -> None:
        super().__init__(str(CANNOT_BE_USED))
        self.canonical = canonical


class Failure(NamedTuple):
    """The event to record when a code does not pair. The person gets the same answer in all cases."""

    kind: EventKind
    details: Mapping[str, int] = {}


class Usable(NamedTuple):
    """A code that pairs this person, and the id of the live pairing that they have already; None without one."""

    code: AccessCode
    pairing_id: int | None


class CodeHolder(NamedTuple):
    """The person who enters a code: a guardian, or a stranger who may have given an email."""

    account: Account | None
    email: str | None

    @classmethod
    def of(cls, account: Account | None, email: str | None = None) -> "CodeHolder":
        return cls(account, account.email if account else email)


def look_up(
    codes: Sequence[str],
    *,
    by: Account | None,
    address: str,
) -> list[Student]:
    """Return the students of these canonical codes, in the same order, without pairing anybody.

    Raises throttle.TooManyTries when too many codes were wrong before, and CodeRefused at the first code that cannot
    be used; that try has been counted.
    """
    throttle.check_guesses(by=by, address=address)
    return [each.code.student for each in _usable(codes, CodeHolder.of(by), address=address)]


def still_usable(codes: Sequence[str], *, by: Account | None) -> dict[str, Student]:
    """Return those codes that would pair now, each with its student, without counting a try."""
    holder = CodeHolder.of(by)
    found, now = find_codes(codes)
    judged = {canonical: _judge(code, holder, now) for canonical, code in found.items()}
    return {canonical: each.code.student for canonical, each in judged.items() if isinstance(each, Usable)}


def redeem(codes: Sequence[str], *, by: Guardian, address: str) -> list[Pairing]:
    """Pair `by` with the student of each code, or with none when one code cannot be used; return the pairings.

    An existing pairing of `by` and a student is kept. Raises as `look_up` does.
    """
    return pair(lock_usable(codes, CodeHolder.of(by), address=address), by=by)


def lock_usable(codes: Sequence[str], holder: CodeHolder, *, address: str) -> list[Usable]:
    """Lock the students of these codes, to be paired in this transaction. Raises as `look_up` does."""
    throttle.check_guesses(by=holder.account, address=address)
    return _usable(codes, holder, address=address, locking=True)


def pair(usable: Sequence[Usable], *, by: Guardian, is_new: bool = False) -> list[Pairing]:
    """Pair `by`, for whom `lock_usable` found these codes, with the student of each; return the pairings.

    With `is_new`, it is also recorded that the account of `by` was made, in the same statement.
    """
    about = {"about_id": by.id}
    events = [(EventKind.ACCOUNT_CREATED, about)] if is_new else []
    events += [
        (EventKind.PAIRED, about | {"student_id": each.code.student_id})
        for each in usable
        if not each.pairing_id
    ]
    Event.record_each(events, by=by)
    return [_live_pairing(each) or _pair(each.code, by) for each in usable]


def _usable(codes: Sequence[str], holder: CodeHolder, *, address: str, locking: bool = False) -> list[Usable]:
    found, now = find_codes(codes, locking=locking)
    usable = []
    for canonical, code in found.items():
        judged = _judge(code, holder, now)
        if isinstance(judged, Failure):
            _count(judged, code, by=holder.account, address=address)
            raise CodeRefused(canonical)
        usable.append(judged)
    return usable


def _judge(code: AccessCode | None, holder: CodeHolder, now: datetime) -> Usable | Failure:
    """Return whether the code pairs this person or, if it does not, why."""
    if code is None:
        return Failure(EventKind.WRONG_CODE_TRIED)
    if not code.pairs_at(now):
        return Failure(EventKind.OLD_CODE_TRIED)
    guardians, mine, restriction = _standing(code.student_id, holder, now)
    if restriction:
        return Failure(EventKind.RESTRICTED_CODE_TRIED, {"restriction": restriction})
    has_room = mine or guardians < code.student.guardian_limit
    return Usable(code, mine) if has_room else Failure(EventKind.WRONG_CODE_TRIED)


def _standing(student_id: int, holder: CodeHolder, now: datetime) -> tuple[int, int | None, int | None]:
    """Return the number of guardians, the id of this person's pairing, and that of the restriction that bars them."""
    asked = {
        "student_id": student_id,
        "guardian_id": holder.account.id if holder.account else 0,
        "email": (holder.email or "").lower(),
        "at": now,
    }
    guardians, mine, restriction = db.session.connection().execute(_STANDING, asked).one()
    return guardians, mine, restriction


def _live_pairing(usable: Usable) -> Pairing | None:
    return db.session.get_one(Pairing, usable.pairing_id) if usable.pairing_id else None


def _pair(code: AccessCode, by: Guardian) -> Pairing:
    row = {
        "public_id": new_public_id(),
        "student_id": code.student_id,
        "guardian_id": by.id,
        "access_code_id": code.id,
        "paired_at": clock.now(),
    }
    pairing = inserted(_NEW, Pairing, row)
    set_committed_value(pairing, "student", code.student)
    return pairing


def _count(failure: Failure, code: AccessCode | None, *, by: Account | None, address: str) -> None:
    """Count the wrong try, and record it."""
    if throttle.count_guess(by=by, address=address):
        alarms.report_guessing()
    student_id = code.student_id if code else None
    Event.record(failure.kind, by=by, student_id=student_id, address=address, **failure.details)


_STUDENT_ID = bindparam("student_id", type_=Integer)
_GUARDIAN_ID = bindparam("guardian_id", type_=Integer)
_IS_LIVE = and_(Pairing.student_id == _STUDENT_ID, Pairing.is_live())
_OWN_ID = case((Pairing.guardian_id == _GUARDIAN_ID, Pairing.id))
_BARRED = barring(
    _STUDENT_ID,
    account_id=_GUARDIAN_ID,
    email=bindparam("email", type_=String),
    at=bindparam("at", type_=UtcDateTime()),
)
_STANDING = select(func.count(), func.max(_OWN_ID), _BARRED).where(_IS_LIVE)
_NEW = insert(Pairing.__table__)  # type: ignore[arg-type]
