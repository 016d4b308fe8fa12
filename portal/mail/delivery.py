"""Send the messages of the outbox: each is claimed, sent outside any transaction, and marked."""

from collections.abc import Callable
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import structlog

from portal import db
from portal.db.locks import locked
from portal.mail import messages
from portal.mail.messages import Dropped
from portal.mail.sender import NotDelivered, Sender
from portal.models import OutboxMessage
from portal.models.mail.sending_rate import due_now

log = structlog.get_logger(__name__)

#: How many messages are read from the outbox at once.
AT_ONCE = 500

Mark = Callable[[OutboxMessage], None]


class _TakenOver(Exception):
    """Another worker has claimed the message, because this one took longer than the lease."""


def deliver(message_id: int, *, sender: Sender) -> bool:
    """Send one message, if it is due and no other worker has it. Returns False when the server cannot be reached.

    That the server is about to read it is committed first, so that it is not sent again by itself after a crash.
    """
    with db.writing():
        message = OutboxMessage.claim(message_id)
    if message is None:
        return True
    mark, is_reached = _try(message, sender)
    with db.writing():
        mark(message)
    return is_reached


def deliver_due(*, sender: Sender, lock: Path, pace: int) -> None:
    """Send the messages that are due, at most `pace` a minute to each domain.

    Stops when the server cannot be reached. The file `lock` lets one process at a time do this.
    """
    with locked(lock) as is_alone:
        if is_alone:
            due = due_now(AT_ONCE, pace=pace)
            db.session.rollback()
            all(deliver(message_id, sender=sender) for message_id in due)


def _try(message: OutboxMessage, sender: Sender) -> tuple[Mark, bool]:
    try:
        mail = _write_mail(message)
        sender.send(mail, hand_over=partial(_hand_over, message))
    except _TakenOver:
        return _leave_unmarked, True
    except Dropped as reason:
        return partial(OutboxMessage.give_up, failure=str(reason)), True
    except NotDelivered as failure:
        log.warning("mail not delivered", message=message.id, reason=str(failure), is_final=failure.is_final)
        return partial(_mark_for(failure), failure=str(failure)), not failure.is_for_all
    return OutboxMessage.mark_sent, True


def _mark_for(failure: NotDelivered) -> Callable[..., None]:
    if failure.is_in_doubt:
        return OutboxMessage.leave_in_doubt
    return OutboxMessage.give_up if failure.is_final else OutboxMessage.put_off


def _leave_unmarked(_message: OutboxMessage) -> None:
    """Mark nothing, since another worker has the message."""


def _hand_over(message: OutboxMessage) -> None:
    with db.writing():
        is_ours = message.hand_over()
    if not is_ours:
        raise _TakenOver


def _write_mail(message: OutboxMessage) -> EmailMessage:
    try:
        return messages.write(message)
    finally:
        db.session.rollback()  # no transaction stays open while a mail server takes its time
