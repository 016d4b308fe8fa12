"""A guardian turns codes into pairings."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm.attributes import set_committed_value

from portal import clock, throttle
from portal.db import Refused, db
from portal.language import lazy_gettext
from portal.models import guessing_alarm
from portal.models.access_code import AccessCode
from portal.models.account import Account, Guardian
from portal.models.event import Event, EventKind, moment
from portal.models.pairing import Pairing
from portal.models.restriction import barring
from portal.models.student import Student

#: One answer for every failure: a stranger learns nothing from it.
CANNOT_BE_USED = lazy_gettext(
    "This code can't be used. It may be mistyped, replaced or out of date. Ask the school for the current one."
)


class CodeRefused(Refused):
    """A code that does not pair. The try has been counted: return rather than raise, to keep the count."""

    def __init__(self, canonical: str) -> None:
        super().__init__(str(CANNOT_BE_USED))
        self.canonical = canonical


class Failure(NamedTuple):
    """What is recorded of a code that does not pair; the person hears the same sentence of all."""

    kind: EventKind
    details: Mapping[str, int] = {}


class Asker(NamedTuple):
    """Who presents a code: a guardian, or a stranger who may have given an email."""

    account: Account | None
    email: str | None

    @classmethod
    def of(cls, account: Account | None, email: str | None = None) -> "Asker":
        return cls(account, account.email if account else email)


def look_up(
    codes: Sequence[str],
    *,
    by: Account | None,
    address: str,
    email: str | None = None,
    holding: bool = False,
) -> list[Student]:
    """The students these canonical codes stand for, in their order; nothing is consumed.

    `email` is that of a stranger who gave it. With `holding`, what is found stays true until the transaction ends.
    Raises throttle.TooManyTries before looking when too many codes were wrong, and CodeRefused,
    already counted, at the first one that cannot be used.
    """
    throttle.check_guesses(by=by, address=address)
    asker = Asker.of(by, email)
    return [code.student for code in _usable(codes, asker, address=address, holding=holding)]


def still_usable(codes: Sequence[str], *, by: Account | None) -> dict[str, Student]:
    """Of codes that were looked up before, those that would pair now, each with its student."""
    now, asker = moment(), Asker.of(by)
    found = {canonical: AccessCode.find(canonical) for canonical in codes}
    return {
        canonical: code.student
        for canonical, code in found.items()
        if code and not _failure(code, asker, now)
    }


def redeem(codes: Sequence[str], *, by: Guardian, address: str) -> list[Pairing]:
    """Pair `by` with the student of each code: with all or, when one cannot be used, with none.

    A student already paired with `by` stays as it is. Raises as `look_up` does.
    """
    throttle.check_guesses(by=by, address=address)
    paired = []
    for code in _usable(codes, Asker.of(by), address=address, holding=True):
        pairing = _live_pairing(code, by)
        paired.append(pairing or _pair(code, by))
    return paired


def _usable(codes: Sequence[str], asker: Asker, *, address: str, holding: bool = False) -> list[AccessCode]:
    """The rows of these codes. With `holding`, nobody else can change them until the transaction ends."""
    found = {canonical: AccessCode.find(canonical) for canonical in codes}
    if holding:
        _hold([code for code in found.values() if code])
    now = moment()
    for canonical, code in found.items():
        failure = _failure(code, asker, now)
        if failure:
            _count(failure, code, by=asker.account, address=address)
            raise CodeRefused(canonical)
    return [code for code in found.values() if code]


def _hold(codes: list[AccessCode]) -> None:
    """Lock the students, always in the same order, and read the codes as they are now."""
    for code in sorted(codes, key=lambda code: code.student_id):
        student = Student.hold_one(code.student_id)
        db.session.refresh(code)
        set_committed_value(code, "student", student)


def _failure(code: AccessCode | None, asker: Asker, now: datetime) -> Failure | None:
    """Why the code does not pair this person; none when it does."""
    if code is None:
        return Failure(EventKind.WRONG_CODE_TRIED)
    if not _is_good(code, now):
        return Failure(EventKind.OLD_CODE_TRIED)
    guardians, mine, restriction = _standing(code.student_id, asker, now)
    if restriction:
        return Failure(EventKind.RESTRICTED_CODE_TRIED, {"restriction": restriction})
    has_room = mine or guardians < code.student.guardian_limit
    return None if has_room else Failure(EventKind.WRONG_CODE_TRIED)


def _standing(student_id: int, asker: Asker, now: datetime) -> tuple[int, int, int | None]:
    """How many guardians are paired, whether this one is (1 or 0), and the restriction that bars them."""
    account_id = asker.account.id if asker.account else 0
    own = case((Pairing.guardian_id == account_id, 1), else_=0)
    barred = barring(student_id, account_id=account_id, email=asker.email, at=now)
    live = select(func.count(), func.coalesce(func.sum(own), 0), barred).where(
        Pairing.student_id == student_id, Pairing.revoked_at.is_(None)
    )
    guardians, mine, restriction = db.session.execute(live).one()
    return guardians, mine, restriction


def _is_good(code: AccessCode, now: datetime) -> bool:
    return code.is_live(now) and code.student.left_at is None


def _live_pairing(code: AccessCode, by: Account) -> Pairing | None:
    return db.session.scalar(
        select(Pairing).where(
            Pairing.student_id == code.student_id,
            Pairing.guardian_id == by.id,
            Pairing.revoked_at.is_(None),
        )
    )


def _pair(code: AccessCode, by: Guardian) -> Pairing:
    pairing = Pairing(student=code.student, guardian_id=by.id, access_code_id=code.id, paired_at=clock.now())
    db.session.add(pairing)
    db.session.flush()
    Event.record(EventKind.PAIRED, by=by, student_id=code.student_id, about_id=by.id)
    return pairing


def _count(failure: Failure, code: AccessCode | None, *, by: Account | None, address: str) -> None:
    """Count the wrong try, and record it."""
    if throttle.count_guess(by=by, address=address):
        guessing_alarm.raise_alarm()
    student_id = code.student_id if code else None
    Event.record(failure.kind, by=by, student_id=student_id, address=address, **failure.details)
