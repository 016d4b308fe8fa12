"""Read everything that the Portal Access tab of a student shows, in three statements."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.orm import aliased

from portal import clock
from portal.db import UtcDateTime, db
from portal.models.accounts.account import Account
from portal.models.codes.access_code import AccessCode
from portal.models.codes.family_status import FamilyStatus, working_code
from portal.models.event import Event, EventKind
from portal.models.guardians.list import Connected, Notice, guardians_of
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
    events: list[Any]
    old_code_tries: int
    mails: list[Any]

    @property
    def status(self) -> FamilyStatus:
        return self.code_status.with_guardians(len(self.guardians))


def portal_access_of(student: Student) -> PortalAccess:
    """Return what the tab shows now."""
    code = student.code
    status = _code_status(student)
    people = guardians_of(student)
    events = list(db.session.connection().execute(_EVENTS, _of(student)))
    return PortalAccess(
        student=student,
        code=code,
        code_status=status,
        has_year=status in (FamilyStatus.WAITING, FamilyStatus.LEFT) or student.school.year is not None,
        guardians=people.connected,
        restrictions=people.notices,
        events=events,
        old_code_tries=events[0].old_code_tries if code and events else 0,
        mails=list(db.session.connection().execute(_MAILS, _of(student)))
        if status is FamilyStatus.WAITING
        else [],
    )


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


def _of(student: Student) -> dict[str, object]:
    since: datetime | None = student.code.created_at if student.code else None
    return {"student_id": student.id, "since": since}


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

_EVENTS = (
    select(
        Event.kind,
        Event.at,
        Event.details,
        _actor.name.label("actor"),
        _about.name.label("about"),
        _OLD_CODE_TRIES.label("old_code_tries"),
    )
    .outerjoin(_actor, _actor.id == Event.account_id)
    .outerjoin(_about, _about.id == Event.about_id)
    .where(Event.student_id == _STUDENT_ID, Event.kind.in_(written(TOLD)))
    .order_by(Event.id.desc())
    .limit(EVENTS_SHOWN)
)

_MAILS = (
    select(
        OutboxMessage.public_id,
        OutboxMessage.to_address,
        OutboxMessage.due_at,
        OutboxMessage.handed_over_at,
        OutboxMessage.sent_at,
        OutboxMessage.bounced_at,
        OutboxMessage.failed_at,
        OutboxMessage.failure,
    )
    .where(
        OutboxMessage.student_id == _STUDENT_ID,
        OutboxMessage.kind == MessageKind.LOGIN_INSTRUCTIONS.value,
        OutboxMessage.created_at >= _SINCE,
    )
    .order_by(OutboxMessage.id.desc())
    .limit(MAILS_SHOWN)
)
