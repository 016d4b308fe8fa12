"""Mails that warn the admins: many wrong codes were tried, or one account took many codes out."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Integer, bindparam, distinct, func, select

from portal import clock
from portal.db import UtcDateTime, db
from portal.models.accounts.account import Account, Staff
from portal.models.event import Event, EventKind
from portal.models.mail.message_kind import MessageKind
from portal.models.mail.outbox import OutboxMessage
from portal.models.users.membership import Membership
from portal.models.users.network_membership import NetworkMembership
from portal.policy.permissions import AccessLevel, NetworkLevel
from portal.policy.reach import Actor

#: Students whose codes one account may have taken out within a day before the admins are told.
MOST_UNREMARKED, WITHIN = 200, timedelta(days=1)

#: The ways in which a code leaves the portal; exported ones are "shown", each.
REVEALS = frozenset(
    {EventKind.CODE_SHOWN, EventKind.CODE_COPIED, EventKind.CODE_MAILED, EventKind.LETTER_PRINTED}
)


def report_guessing() -> None:
    """Write to the admins that somebody may be guessing codes, in the transaction that counted the wrong one."""
    _tell_admins(MessageKind.GUESSING_ALARM)


def reveal(kind: EventKind, *, by: Actor, student_id: int, **details: Any) -> None:
    """Record, in the open transaction, that `by` took out one student's code."""
    Event.record(kind, by=by, student_id=student_id, **details)
    watch_reveals(by=by)


def watch_reveals(*, by: Actor) -> None:
    """Write to the admins, at most once a day, when `by` has taken out the codes of too many students.

    Call it in the transaction in which the reveals were recorded: a sign-in may have been stolen.
    """
    asked = {"account_id": by.id, "since": clock.now() - WITHIN}
    students, was_told = db.session.connection().execute(_TAKEN_OUT, asked).one()
    if students > MOST_UNREMARKED and not was_told:
        Event.record(EventKind.REVEALS_REPORTED, by=by, students=students)
        who = db.session.get_one(Account, by.id)
        _tell_admins(MessageKind.REVEAL_ALARM, name=who.name, email=who.email, count=str(students))


def _tell_admins(kind: MessageKind, **words: str) -> None:
    for admin in _top_admins():
        OutboxMessage.post(kind, to=admin.email, language=admin.language, account_id=admin.id, words=words)


def _top_admins() -> Sequence[Staff]:
    """The Network Admins or, where there is none, the School Admins."""
    of_networks = select(NetworkMembership.staff_id).where(
        NetworkMembership.level == NetworkLevel.NETWORK_ADMIN
    )
    of_schools = select(Membership.staff_id).where(Membership.level == AccessLevel.SCHOOL_ADMIN)
    for admins in (of_networks, of_schools):
        wanted = select(Staff).where(Staff.id.in_(admins), ~Staff.is_closed()).order_by(Staff.id)
        if found := db.session.scalars(wanted).all():
            return found
    return ()


_own = (
    Event.account_id == bindparam("account_id", type_=Integer),
    Event.at >= bindparam("since", type_=UtcDateTime()),
)
_WAS_TOLD = select(func.count()).where(Event.kind == EventKind.REVEALS_REPORTED.value, *_own)
_TAKEN_OUT = select(
    func.count(distinct(Event.student_id)), _WAS_TOLD.correlate(None).scalar_subquery()
).where(Event.kind.in_(sorted(kind.value for kind in REVEALS)), *_own)
