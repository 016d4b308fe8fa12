"""The state of a message as staff see it, in Python and in SQL."""

from enum import StrEnum, auto
from typing import Any

from sqlalchemy import ColumnElement, case

from portal import clock
from portal.models.mail.outbox import OutboxMessage


class MailState(StrEnum):
    """How far the delivery of a message is."""

    ON_ITS_WAY = auto()
    #: The last try failed, and another one follows; `failure` says why.
    TRYING_AGAIN = auto()
    SENT = auto()
    #: A mail server accepted it, and later reported that it could not be delivered.
    BOUNCED = auto()
    FAILED = auto()
    #: The connection or the worker ended while the mail server read it, so it may have been sent.
    IN_DOUBT = auto()

    @property
    def may_be_repeated(self) -> bool:
        """Whether a person may have it sent again."""
        return self in {MailState.BOUNCED, MailState.FAILED, MailState.IN_DOUBT}


def state_of(message: Any) -> MailState:
    """Return the state of `message`: an OutboxMessage, or a row with its moments and its `failure`."""
    ends = {
        MailState.BOUNCED: message.bounced_at,
        MailState.SENT: message.sent_at,
        MailState.FAILED: message.failed_at,
        MailState.IN_DOUBT: message.handed_over_at and message.due_at <= clock.now(),
        MailState.TRYING_AGAIN: message.failure,
    }
    return next((state for state, is_so in ends.items() if is_so), MailState.ON_ITS_WAY)


def state_in_sql() -> ColumnElement[str]:
    """Select the state of each message, by the same rules as `state_of`."""
    message = OutboxMessage
    return case(
        (message.bounced_at.is_not(None), MailState.BOUNCED.value),
        (message.sent_at.is_not(None), MailState.SENT.value),
        (message.has_failed(), MailState.FAILED.value),
        (message.is_in_doubt(), MailState.IN_DOUBT.value),
        (message.failure.is_not(None), MailState.TRYING_AGAIN.value),
        else_=MailState.ON_ITS_WAY.value,
    )
