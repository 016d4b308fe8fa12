"""Read everything that the Portal Access tab of a student shows, in one statement."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import JSON, Integer, Select, String, bindparam, cast, func, literal, null, select, union_all
from sqlalchemy.orm import aliased
from sqlalchemy.types import NULLTYPE

from portal import clock
from portal.db import UtcDateTime, db
from portal.models.accounts.account import Account
from portal.models.codes.access_code import AccessCode
from portal.models.codes.family_status import FamilyStatus, working_code
from portal.models.event import Event, EventKind
from portal.models.guardians.list import PEOPLE, Connected, Notice, sorted_people
from portal.models.mail.message_kind import MessageKind
from portal.models.mail.outbox import OutboxMessage
from portal.models.rows import written
from portal.models.students.student import Student

#: The kinds of events that the tab lists. Views of pages are recorded but not listed.
TOLD = (
    EventKind.CODE_ENABLED,
    EventKind.CODE_RESET,
    EventKind.CODE_CLOSED,
    EventKind.CODE_MAILED,
    EventKind.LETTER_PRINTED,
    EventKind.PAIRED,
    EventKind.REVOKED,
    EventKind.LEFT,
    EventKind.RESTRICTED,
    EventKind.RESTRICTION_ENDED,
    EventKind.GUARDIAN_LIMIT_CHANGED,
)
EVENTS_SHOWN, MAILS_SHOWN = 5, 3


class ToldEvent(NamedTuple):
    """An event, its author and whom it is about; without an author, the operator did it."""

    kind: str
    at: datetime
    details: dict[str, Any] | None
    actor: str | None
    about: str | None


class SentInstructions(NamedTuple):
    """Login instructions by mail, and how far their delivery is."""

    public_id: str
    to_address: str
    due_at: datetime
    handed_over_at: datetime | None
    sent_at: datetime | None
    bounced_at: datetime | None
    failed_at: datetime | None
    failure: str | None


class PortalAccess(NamedTuple):
    """The contents of the tab. `code_status` is the status as if nobody were paired.

    `has_year` says whether the school has a year for which a code can be made.
    """

    student: Student
    code: AccessCode | None
    code_status: FamilyStatus
    has_year: bool
    guardians: list[Connected]
    restrictions: list[Notice]
    events: list[ToldEvent]
    old_code_tries: int
    mails: list[SentInstructions]

    @property
    def status(self) -> FamilyStatus:
        return self.code_status.with_guardians(len(self.guardians))


def portal_access_of(student: Student) -> PortalAccess:
    """Return what the tab shows now."""
    code, status, now = student.code, _code_status(student), clock.now()
    since = code.created_at if code else None
    asked = {"student_id": student.id, "now": now, "since": since}
    rows: dict[str, list[Any]] = {"person": [], "event": [], "mail": []}
    for row in db.session.connection().execute(_EVERYTHING, asked):
        rows[row.part].append(row)
    people, events = sorted_people(rows["person"], now), _newest_first(rows["event"])
    return PortalAccess(
        student=student,
        code=code,
        code_status=status,
        has_year=status in (FamilyStatus.WAITING, FamilyStatus.LEFT) or student.school.year is not None,
        guardians=people.connected,
        restrictions=people.notices,
        events=[ToldEvent(row.reason, row.at, row.details, row.name, row.about) for row in events],
        old_code_tries=events[0].tries if code and events else 0,
        mails=_mails(rows["mail"]) if status is FamilyStatus.WAITING else [],
    )


def _newest_first(rows: list[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: row.id, reverse=True)


def _mails(rows: list[Any]) -> list[SentInstructions]:
    return [
        SentInstructions(
            row.public_id, row.email, row.at, row.handed_over_at, row.sent_at, row.bounced_at,
            row.failed_at, row.document,
        )
        for row in _newest_first(rows)
    ]  # fmt: skip


def live_code(student: Student) -> AccessCode | None:
    """Return the code that can be handed out now; None when it has expired or the student has left."""
    return working_code(student, clock.now())


def _code_status(student: Student) -> FamilyStatus:
    code = student.code
    return FamilyStatus.of_code(
        is_enrolled=student.is_enrolled(),
        has_code=code is not None,
        expires_at=code.expires_at if code else None,
        at=clock.now(),
    )


_STUDENT_ID = bindparam("student_id", type_=Integer)
_SINCE = bindparam("since", type_=UtcDateTime())
_actor = aliased(Account)
_about = aliased(Account)
_tried = aliased(Event)

_OLD_CODE_TRIES = (
    select(func.count())
    .where(
        _tried.student_id == _STUDENT_ID, _tried.kind == EventKind.OLD_CODE_TRIED.value, _tried.at >= _SINCE
    )
    .scalar_subquery()
)

#: What rows of the list of guardians do not have.
_FURTHER = {
    "details": JSON(),
    "about": String(),
    "handed_over_at": UtcDateTime(),
    "sent_at": UtcDateTime(),
    "bounced_at": UtcDateTime(),
    "failed_at": UtcDateTime(),
}


def _rows(part: str, **columns: Any) -> Select[Any]:
    """Select these columns under their names, and no value for all others of the statement."""
    types: dict[str, Any] = {column.key: column.type for column in _people.c} | _FURTHER
    blanks = {name: cast(null(), String if type_ is NULLTYPE else type_) for name, type_ in types.items()}
    named = [column.label(name) for name, column in (blanks | columns).items()]
    return select(literal(part).label("part"), *named)


def _as_rows(newest: Select[Any]) -> Select[Any]:
    """Return the newest rows as a part of a UNION, which has no order and no limit of its own."""
    return select(newest.subquery())


_people = PEOPLE.subquery()
_EVENTS = (
    _rows(
        "event", id=Event.id, at=Event.at, name=_actor.name, about=_about.name,
        reason=Event.kind, details=Event.details, tries=_OLD_CODE_TRIES,
    )
    .outerjoin(_actor, _actor.id == Event.account_id)
    .outerjoin(_about, _about.id == Event.about_id)
    .where(Event.student_id == _STUDENT_ID, Event.kind.in_(written(TOLD)))
    .order_by(Event.id.desc())
    .limit(EVENTS_SHOWN)
)  # fmt: skip
_MAILS = (
    _rows(
        "mail", id=OutboxMessage.id, public_id=OutboxMessage.public_id, email=OutboxMessage.to_address,
        at=OutboxMessage.due_at, document=OutboxMessage.failure, handed_over_at=OutboxMessage.handed_over_at,
        sent_at=OutboxMessage.sent_at, bounced_at=OutboxMessage.bounced_at, failed_at=OutboxMessage.failed_at,
    )
    .where(
        OutboxMessage.student_id == _STUDENT_ID,
        OutboxMessage.kind == MessageKind.LOGIN_INSTRUCTIONS.value,
        OutboxMessage.created_at >= _SINCE,
    )
    .order_by(OutboxMessage.id.desc())
    .limit(MAILS_SHOWN)
)  # fmt: skip
_EVERYTHING = union_all(_rows("person", **_people.c), _as_rows(_EVENTS), _as_rows(_MAILS))
