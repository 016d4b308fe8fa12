"""Codes taken out by the hundred, at once or one by one: the admins should know, in case a sign-in was stolen."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Integer, bindparam, distinct, func, select

from portal import clock
from portal.db import UtcDateTime, db
from portal.models.accounts.account import Account, top_admins
from portal.models.event import Event, EventKind
from portal.models.mail.message_kind import MessageKind
from portal.models.mail.outbox import OutboxMessage

#: Students whose codes one account may have taken out within a day before the admins are told.
MOST_UNREMARKED, WITHIN = 200, timedelta(days=1)

#: The ways in which a code leaves the portal; exported ones are "shown", each.
REVEALS = frozenset(
    {EventKind.CODE_SHOWN, EventKind.CODE_COPIED, EventKind.CODE_MAILED, EventKind.LETTER_PRINTED}
)


def reveal(kind: EventKind, *, by: Any, student_id: int, **details: Any) -> None:
    """Record, in the open transaction, that somebody took out one student's code."""
    Event.record(kind, by=by, student_id=student_id, **details)
    watch_reveals(by=by)


def watch_reveals(*, by: Any) -> None:
    """Call it when reveals were recorded, in the same transaction: it mails once a day, when they were too many."""
    asked = {"account_id": by.id, "since": clock.now() - WITHIN}
    students, was_told = db.session.connection().execute(_TAKEN_OUT, asked).one()
    if students > MOST_UNREMARKED and not was_told:
        Event.record(EventKind.REVEALS_REPORTED, by=by, students=students)
        _tell(db.session.get_one(Account, by.id), students)


def _tell(who: Account, students: int) -> None:
    words = {"name": who.name, "email": who.email, "count": str(students)}
    for admin in top_admins():
        OutboxMessage.post(
            MessageKind.REVEAL_ALARM,
            to=admin.email,
            language=admin.language,
            account_id=admin.id,
            words=words,
        )


_own = (
    Event.account_id == bindparam("account_id", type_=Integer),
    Event.at >= bindparam("since", type_=UtcDateTime()),
)
_WAS_TOLD = select(func.count()).where(Event.kind == EventKind.REVEALS_REPORTED.value, *_own)
_TAKEN_OUT = select(
    func.count(distinct(Event.student_id)), _WAS_TOLD.correlate(None).scalar_subquery()
).where(Event.kind.in_(sorted(kind.value for kind in REVEALS)), *_own)
