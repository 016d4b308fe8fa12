"""The sending rate of mail: no domain gets more messages a minute than its servers accept."""

from datetime import timedelta

from sqlalchemy import func, select

from portal import clock
from portal.db import db
from portal.models.mail.outbox import OutboxMessage

#: How far back sent messages are counted. Shorter than a minute, because the worker asks once a minute, and must not
#: count what it sent the last time.
COUNTED = timedelta(seconds=50)


def due_now(limit: int, *, pace: int) -> list[int]:
    """Return the ids of the messages to send now, in the order of sending.

    `limit` is the greatest number of ids. `pace` is how many messages a minute one domain gets; those that were handed
    over in the last COUNTED seconds are subtracted from it.

    Messages of batches come last, because nobody waits for them in front of a page; otherwise the one that is due
    longest comes first.
    """
    lately = OutboxMessage.handed_over_at > clock.now() - COUNTED
    counted = select(OutboxMessage.domain, func.count().label("sent")).where(lately)
    sent = counted.group_by(OutboxMessage.domain).subquery()
    is_of_many = OutboxMessage.batch_id.is_not(None)
    oldest = (is_of_many, OutboxMessage.due_at, OutboxMessage.id)
    place = func.row_number().over(partition_by=OutboxMessage.domain, order_by=oldest)
    columns = (
        OutboxMessage.id,
        OutboxMessage.due_at,
        is_of_many.label("is_of_many"),
        (place + func.coalesce(sent.c.sent, 0)).label("place"),
    )
    joined = select(*columns).outerjoin(sent, sent.c.domain == OutboxMessage.domain)
    waiting = joined.where(OutboxMessage.is_due()).subquery()
    due = select(waiting.c.id).where(waiting.c.place <= pace)
    in_turn = due.order_by(waiting.c.is_of_many, waiting.c.due_at, waiting.c.id)
    return list(db.session.scalars(in_turn.limit(limit)))
