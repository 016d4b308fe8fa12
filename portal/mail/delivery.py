"""The outbox, emptied: each message is claimed, sent outside any transaction, and marked."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import structlog

from portal import db
from portal.mail import messages
from portal.mail.messages import Dropped
from portal.mail.sender import NotDelivered, Sender
from portal.models import OutboxMessage
from portal.workbench import is_locked

log = structlog.get_logger(__name__)

#: How many messages one look through the outbox takes up.
AT_ONCE = 500

Mark = Callable[[OutboxMessage], None]


def deliver(message_id: int, *, sender: Sender) -> bool:
    """Send one message, if it is due and no other worker has it. False when the mail server is out of reach.

    Between the server's yes and our own mark lies a moment in which a crash would have it sent again.
    """
    with db.writing():
        message = OutboxMessage.claim(message_id)
    if message is None:
        return True
    mark, is_reached = _try(message, sender)
    with db.writing():
        mark(message)
    return is_reached


def deliver_due(*, sender: Sender, lock: Path) -> None:
    """Send everything that is due; stop early when the server is out of reach. One process at a time does this."""
    with _alone(lock) as is_alone:
        if is_alone:
            due = OutboxMessage.due(AT_ONCE)
            db.session.rollback()
            all(deliver(message_id, sender=sender) for message_id in due)


def _try(message: OutboxMessage, sender: Sender) -> tuple[Mark, bool]:
    try:
        mail = _written(message)
        sender.send(mail)
    except Dropped as reason:
        return partial(OutboxMessage.give_up, failure=str(reason)), True
    except NotDelivered as failure:
        log.warning("mail not delivered", message=message.id, reason=str(failure), is_final=failure.is_final)
        mark = OutboxMessage.give_up if failure.is_final else OutboxMessage.put_off
        return partial(mark, failure=str(failure)), not failure.is_for_all
    return OutboxMessage.mark_sent, True


def _written(message: OutboxMessage) -> EmailMessage:
    try:
        return messages.write(message)
    finally:
        db.session.rollback()  # no transaction stays open while a mail server takes its time


@contextmanager
def _alone(lock: Path) -> Iterator[bool]:
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield is_locked(handle)
    finally:
        os.close(handle)
