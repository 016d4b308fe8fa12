"""List the guardians and the restrictions of a student, as the Portal Access tab shows them, in one statement."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    CompoundSelect,
    Integer,
    Row,
    bindparam,
    func,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from portal import clock
from portal.db import UtcDateTime, db
from portal.models.accounts.account import Account
from portal.models.event import Event, EventKind
from portal.models.guardians.pairing import Pairing
from portal.models.guardians.restriction import Restriction, RestrictionEmail, has_begun, is_not_over_at
from portal.models.students.student import Student


class Connected(NamedTuple):
    """A pairing. `is_barred` is set while a restriction keeps this guardian from seeing the student."""

    public_id: str
    name: str
    email: str
    paired_at: datetime
    is_barred: bool


class Notice(NamedTuple):
    """A restriction that nobody has ended and that is not over.

    `email` is the one that staff entered. `emails` are all known emails of the person, some of them from restrictions
    at other schools, so they are never shown. `tries` counts how often the person has entered a code since.
    """

    public_id: str
    guardian_id: int | None
    name: str | None
    email: str
    emails: frozenset[str]
    placed_at: datetime
    placed_by: str
    reason: str
    document: str | None
    first_day: date
    last_day: date | None
    is_in_force: bool
    tries: int

    @property
    def whom(self) -> set[int | str]:
        """The id of the account and the emails of the restricted person."""
        return {*self.emails} | ({self.guardian_id} if self.guardian_id else set())


class GuardianList(NamedTuple):
    connected: list[Connected]
    notices: list[Notice]


def guardians_of(student: Student) -> GuardianList:
    """Return the guardians in the order of pairing, and the restrictions in the order in which they were placed."""
    now = clock.now()
    return sorted_people(db.session.connection().execute(PEOPLE, {"student_id": student.id, "now": now}), now)


def sorted_people(found: Iterable[Any], now: datetime) -> GuardianList:
    """Return what `guardians_of` does, from the rows of PEOPLE that were read at that moment."""
    rows = sorted(found, key=_order)
    notices = [_notice(row, now) for row in rows if row.reason is not None]
    barring = {who for notice in notices if notice.is_in_force for who in notice.whom}
    connected = [
        Connected(row.public_id, row.name, row.email, row.at, not barring.isdisjoint(_whom(row)))
        for row in rows
        if row.reason is None
    ]
    return GuardianList(connected, notices)


def notices_about(pairing: Pairing) -> list[Notice]:
    """Return the restrictions of this guardian for this student."""
    guardian = pairing.guardian
    who: set[int | str] = {guardian.id, guardian.email}
    return [each for each in guardians_of(pairing.student).notices if who & each.whom]


def _order(row: Row[Any]) -> tuple[datetime, int]:
    return row.at, row.id


def _whom(row: Row[Any]) -> set[int | str]:
    return {row.email, row.guardian_id}


def _notice(row: Row[Any], now: datetime) -> Notice:
    return Notice(
        row.public_id, row.guardian_id, row.name or None, row.email,
        frozenset(row.emails.splitlines()), row.at, row.placed_by, row.reason, row.document,
        row.first_day, row.last_day, has_begun(row.starts_at, now), row.tries,
    )  # fmt: skip


_STUDENT_ID = bindparam("student_id", type_=Integer)
_owner = aliased(Account)
_author = aliased(Account)
_tried = aliased(Event)

_TRIES = (
    select(func.count())
    .where(
        _tried.student_id == Restriction.student_id,
        _tried.kind == EventKind.RESTRICTED_CODE_TRIED.value,
        _tried.at >= Restriction.placed_at,
        _tried.details["restriction"].as_integer() == Restriction.id,
    )
    .correlate(Restriction)
    .scalar_subquery()
)

#: The known emails of the restricted person, one a line.
_EMAILS = (
    select(func.aggregate_strings(RestrictionEmail.email, "\n"))
    .where(RestrictionEmail.restriction_id == Restriction.id)
    .correlate(Restriction)
    .scalar_subquery()
)

_PAIRINGS = (
    select(
        Pairing.id, Pairing.public_id, Pairing.guardian_id, _owner.name.label("name"), _owner.email,
        Pairing.paired_at.label("at"), null().label("placed_by"), null().label("reason"), null().label("document"),
        null().label("first_day"), null().label("last_day"), null().label("starts_at"), null().label("tries"),
        null().label("emails"),
    )
    .join(_owner, _owner.id == Pairing.guardian_id)
    .where(Pairing.student_id == _STUDENT_ID, Pairing.is_live())
)  # fmt: skip

_RESTRICTIONS = (
    select(
        Restriction.id, Restriction.public_id, Restriction.guardian_id, _owner.name.label("name"),
        Restriction.email, Restriction.placed_at.label("at"), _author.name.label("placed_by"),
        Restriction.reason, Restriction.document, Restriction.first_day, Restriction.last_day,
        Restriction.starts_at, _TRIES.label("tries"), _EMAILS.label("emails"),
    )
    .join(_author, _author.id == Restriction.placed_by_id)
    .outerjoin(_owner, _owner.id == Restriction.guardian_id)
    .where(Restriction.student_id == _STUDENT_ID, is_not_over_at(bindparam("now", type_=UtcDateTime())))
)  # fmt: skip

#: Of the student :student_id at the moment :now. Restrictions come first, because the first SELECT sets the types.
PEOPLE: CompoundSelect[Any] = union_all(_RESTRICTIONS, _PAIRINGS)
