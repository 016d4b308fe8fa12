"""Read the notices that mail servers send about mail that they could not deliver (RFC 3464)."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.parser import HeaderParser
from typing import Any, NamedTuple

#: How many bytes of a notice are read; the rest belongs to the mail that it is about.
MOST = 1 << 20

#: A Message-ID of the portal.
_OURS = re.compile(r"<([A-Za-z0-9_-]{22})@[^<>@\s]+>")

_STATUS = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")

#: Why mail came back, by the beginning of the status (RFC 3463); the first that fits counts.
_REASONS = (
    ("5.1.", "There is no such mailbox"),
    ("5.2.2", "The mailbox is full"),
    ("5.2.", "The mailbox takes no mail"),
    ("5.3.4", "The mail was too large for it"),
    ("5.4.", "The way to its mail server does not work"),
    ("5.7.", "Its mail server refuses mail like ours"),
)


class Bounce(NamedTuple):
    """A message that was not delivered: its public id in the outbox, and a sentence for staff that says why."""

    name: str
    failure: str


def read_bounce(notice: bytes) -> Bounce | None:
    """Return which message the notice says was given up; None when it is about no message of the portal.

    The text of the mail server is left out, because it may quote the message.
    """
    mail = message_from_bytes(notice[:MOST])
    status = next(_failed_statuses(mail), None)
    name = next(_names(mail), None) if status is not None else None
    if status is None or name is None:
        return None
    reason = next((words for begins, words in _REASONS if status.startswith(begins)), "The mail came back")
    return Bounce(name, f"{reason} ({status}).")


def _failed_statuses(mail: Message) -> Iterator[str]:
    """Yield the status of each recipient to whom delivery has failed."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            for fields in _inside(part):
                status = _STATUS.match(str(fields.get("Status", "")))
                if str(fields.get("Action", "")).strip().lower() == "failed":
                    yield status[1] if status else "5.0.0"


def _names(mail: Message) -> Iterator[str]:
    """Yield the ids in Message-IDs: of the mail that was returned, then of the mail that the notice answers."""
    for header in [*_ids_of_returned_mail(mail), mail.get("In-Reply-To"), mail.get("References")]:
        found = _OURS.search(str(header or ""))
        if found:
            yield found[1]


def _ids_of_returned_mail(mail: Message) -> Iterator[str | None]:
    for part in mail.walk():
        if part is not mail and part.get_content_type() == "message/rfc822":
            yield from (whole.get("Message-ID") for whole in _inside(part))
        if part.get_content_type() == "text/rfc822-headers":
            headers: Any = part.get_payload(decode=True) or b""
            yield HeaderParser().parsestr(headers.decode("ascii", "replace")).get("Message-ID")


def _inside(part: Message) -> list[Message]:
    inside: Any = part.get_payload()
    return inside if part.is_multipart() else []
