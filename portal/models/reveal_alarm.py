"""Codes taken out by the hundred: the admins should know, in case a sign-in was stolen."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from portal import clock
from portal.db import db
from portal.models.account import top_admins
from portal.models.event import Event, EventKind
from portal.models.message_kind import MessageKind
from portal.models.outbox import OutboxMessage

#: Codes that one account may have seen, exported or printed within a day before the admins are told.
MOST_UNREMARKED, WITHIN = 200, timedelta(days=1)

REVEALS = (EventKind.CODE_SHOWN.value, EventKind.LETTER_PRINTED.value)


def watch_reveals(count: int, *, by: Any) -> None:
    """Call it before `count` more are recorded, in the same transaction. Mails once, when the threshold is passed."""
    since = clock.now() - WITHIN
    own = (Event.kind.in_(REVEALS), Event.at >= since, Event.account_id == by.id)
    before = db.session.scalars(select(func.count()).where(*own)).one()
    if not before <= MOST_UNREMARKED < before + count:
        return
    words = {"name": by.name, "email": by.email, "count": str(before + count)}
    for admin in top_admins():
        OutboxMessage.post(
            MessageKind.REVEAL_ALARM,
            to=admin.email,
            language=admin.language,
            account_id=admin.id,
            words=words,
        )
