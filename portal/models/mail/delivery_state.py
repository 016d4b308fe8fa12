"""Where a message stands, in one word for staff."""

from enum import StrEnum, auto
from typing import Any

from sqlalchemy import ColumnElement, case

from portal import clock
from portal.models.mail.outbox import OutboxMessage


class MailState(StrEnum):
    ON_ITS_WAY = auto()
    #: It did not go out so far; why is told beside it.
    TRYING_AGAIN = auto()
    SENT = auto()
    #: A mail server took it, and it came back.
    BOUNCED = auto()
    FAILED = auto()
    #: Handed over when the worker or the line died: it may have been sent.
    IN_DOUBT = auto()

    @property
    def may_be_repeated(self) -> bool:
        """Whether a person may have it sent again."""
        return self in {MailState.BOUNCED, MailState.FAILED, MailState.IN_DOUBT}


def state_of(message: Any) -> MailState:
    """Of a message of the outbox, or of a row with its moments and its failure."""
    ends = {
        MailState.BOUNCED: message.bounced_at,
        MailState.SENT: message.sent_at,
        MailState.FAILED: message.failed_at,
        MailState.IN_DOUBT: message.handed_over_at and message.due_at <= clock.now(),
        MailState.TRYING_AGAIN: message.failure,
    }
    return next((state for state, is_so in ends.items() if is_so), MailState.ON_ITS_WAY)


def state_in_sql() -> ColumnElement[str]:
    """The same of each message, for counts and lists."""
    message = OutboxMessage
    return case(
        (message.bounced_at.is_not(None), MailState.BOUNCED.value),
        (message.sent_at.is_not(None), MailState.SENT.value),
        (message.has_failed(), MailState.FAILED.value),
        (message.is_in_doubt(), MailState.IN_DOUBT.value),
        (message.failure.is_not(None), MailState.TRYING_AGAIN.value),
        else_=MailState.ON_ITS_WAY.value,
    )
