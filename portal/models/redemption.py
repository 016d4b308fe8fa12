"""A guardian turns codes into pairings."""

from collections.abc import Sequence
from datetime import datetime

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


def look_up(
    codes: Sequence[str], *, by: Account | None, address: str, holding: bool = False
) -> list[Student]:
    """The students these canonical codes stand for, in their order; nothing is consumed.

    With `holding`, what is found stays true until the transaction ends.
    Raises throttle.TooManyTries before looking when too many codes were wrong, and CodeRefused,
    already counted, at the first one that cannot be used.
    """
    throttle.check_guesses(by=by, address=address)
    return [code.student for code in _usable(codes, by=by, address=address, holding=holding)]


def still_usable(codes: Sequence[str], *, by: Account | None) -> dict[str, Student]:
    """Of codes that were looked up before, those that would pair now, each with its student."""
    now = moment()
    found = {canonical: AccessCode.find(canonical) for canonical in codes}
    return {canonical: code.student for canonical, code in found.items() if code and _pairs(code, by, now)}


def redeem(codes: Sequence[str], *, by: Guardian, address: str) -> list[Pairing]:
    """Pair `by` with the student of each code: with all or, when one cannot be used, with none.

    A student already paired with `by` stays as it is. Raises as `look_up` does.
    """
    throttle.check_guesses(by=by, address=address)
    paired = []
    for code in _usable(codes, by=by, address=address, holding=True):
        pairing = _live_pairing(code, by)
        paired.append(pairing or _pair(code, by))
    return paired


def _usable(
    codes: Sequence[str], *, by: Account | None, address: str, holding: bool = False
) -> list[AccessCode]:
    """The rows of these codes. With `holding`, nobody else can change them until the transaction ends."""
    found = {canonical: AccessCode.find(canonical) for canonical in codes}
    if holding:
        _hold([code for code in found.values() if code])
    now = moment()
    for canonical, code in found.items():
        if code is None or not _pairs(code, by, now):
            _count_failure(code, now, by=by, address=address)
            raise CodeRefused(canonical)
    return [code for code in found.values() if code]


def _hold(codes: list[AccessCode]) -> None:
    """Lock the students, always in the same order, and read the codes as they are now."""
    for code in sorted(codes, key=lambda code: code.student_id):
        student = Student.hold_one(code.student_id)
        db.session.refresh(code)
        set_committed_value(code, "student", student)


def _pairs(code: AccessCode, by: Account | None, now: datetime) -> bool:
    if not _is_good(code, now):
        return False
    own = case((Pairing.guardian_id == (by.id if by else 0), 1), else_=0)
    live = select(func.count(), func.coalesce(func.sum(own), 0)).where(
        Pairing.student_id == code.student_id, Pairing.revoked_at.is_(None)
    )
    guardians, mine = db.session.execute(live).one()
    return bool(mine) or guardians < code.student.guardian_limit


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


def _count_failure(code: AccessCode | None, now: datetime, *, by: Account | None, address: str) -> None:
    """Count the wrong try; a code that is merely at its cap is not recorded as an old one."""
    if throttle.count_guess(by=by, address=address):
        guessing_alarm.raise_alarm()
    is_old = code is not None and not _is_good(code, now)
    kind = EventKind.OLD_CODE_TRIED if is_old else EventKind.WRONG_CODE_TRIED
    Event.record(kind, by=by, student_id=code.student_id if code else None, address=address)
