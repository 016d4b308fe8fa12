"""How quickly mail goes out: what many messages at once would do to one domain's servers, they answer with refusals."""

from datetime import timedelta

from sqlalchemy import func, select

from portal import clock
from portal.db import db
from portal.models.mail.outbox import OutboxMessage

#: What counts as the last minute. A little less than one: who looks once a minute must find the minute before over.
SPAN = timedelta(seconds=50)


def due_now(limit: int, *, pace: int) -> list[int]:
    """The ids of messages to be sent now: with those of the last minute, at most `pace` a domain.

    Oldest first, and before all those of batches the ones that somebody waits for.
    """
    lately = OutboxMessage.handed_over_at > clock.now() - SPAN
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
