"""Where a message stands, in one word for staff."""

from enum import StrEnum, auto
from typing import Any

from portal import clock


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
