"""The table of mail to be sent. A row is stored in the transaction of the act; the worker sends it afterwards."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import ForeignKey, Index, LargeBinary, String, and_, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import ColumnElement

from portal import clock
from portal.crypto import keys
from portal.db import Base, Scoped, after_commit, db
from portal.models.event import Event, EventKind
from portal.models.inserting import inserted
from portal.models.mail.message_kind import MessageKind
from portal.models.rows import PubliclyNamed, changes_one, new_public_id
from portal.models.students.student import Student
from portal.policy.permissions import Reach
from portal.policy.reach import HasId

#: How long to wait before the second, third … try; when the last of them is not accepted, the message has failed.
RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))

#: How long a message belongs to the worker that claimed it; then another worker may claim it.
LEASE = timedelta(minutes=10)


def _wait_for_the_sweep(*_message_id: int) -> None:
    """Do nothing: the worker finds the message when it next reads the outbox."""


#: Called with the id of each stored message, or without one when there are many. portal.worker.jobs sets it at start.
announce: Callable[..., None] = _wait_for_the_sweep


class OutboxMessage(PubliclyNamed, Scoped, Base):
    """A message to one address, and how far its delivery is. What it says is written when it is sent."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(None, "sent_at", "failed_at", "due_at"), Index(None, "student_id"),
        Index(None, "domain", "handed_over_at"), Index(None, "batch_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    to_address: Mapped[str] = mapped_column(String(254))
    #: The domain of the address, for the limit of messages a minute.
    domain: Mapped[str] = mapped_column(String(253), default="")
    language: Mapped[str] = mapped_column(String(12), default="en")
    #: The account it is for, when it has one.
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    #: The student whose login instructions it carries; the code is opened when it is sent, never stored here.
    student_id: Mapped[int | None] = mapped_column(ForeignKey("students.id"))
    #: The batch that it was made with; messages without one are sent first.
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batches.id", ondelete="SET NULL"))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    #: Further words of the message, sealed: {"placeholder": "text"}.
    sealed_words: Mapped[bytes | None] = mapped_column(LargeBinary)
    due_at: Mapped[datetime] = mapped_column(default=clock.now)
    tries: Mapped[int] = mapped_column(default=0)
    #: When the mail server began to read it. Without an answer after that, it may have been sent.
    handed_over_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    #: When it came back although a mail server had taken it.
    bounced_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    #: Why the last try failed, in words for staff.
    failure: Mapped[str | None] = mapped_column(String(500))

    @classmethod
    def within(cls, reach: Reach, account: HasId) -> ColumnElement[bool]:
        """The login instructions of students in reach; nobody may see other mail."""
        reached = select(Student.id).where(Student.within(reach, account))
        return and_(cls.kind == MessageKind.LOGIN_INSTRUCTIONS.value, cls.student_id.in_(reached))

    @classmethod
    def post(
        cls,
        kind: MessageKind,
        *,
        to: str,
        language: str | None,
        account_id: int | None = None,
        student_id: int | None = None,
        by_id: int | None = None,
        words: dict[str, str] | None = None,
    ) -> Self:
        """Store a message in the open transaction. `words` are values for its template that no table has; sealed."""
        name, now = new_public_id(), clock.now()
        row = inserted(_NEW, cls, {
            "public_id": name, "kind": kind.value, "to_address": to, "domain": domain_of(to),
            "language": language or "en", "account_id": account_id, "student_id": student_id, "created_by_id": by_id,
            "sealed_words": keys.seal(json.dumps(words), purpose="outbox-v1", owner=name) if words else None,
            "created_at": now, "due_at": now, "tries": 0})  # fmt: skip
        message_id = row.id
        after_commit(lambda: announce(message_id))
        return row

    @classmethod
    def is_owed(cls) -> ColumnElement[bool]:
        """Select whether the message has neither been sent nor failed."""
        return and_(cls.sent_at.is_(None), ~cls.has_failed())

    @classmethod
    def is_waiting(cls) -> ColumnElement[bool]:
        """Select whether the message is to be sent, and no mail server has begun to read it."""
        return and_(cls.is_owed(), cls.handed_over_at.is_(None))

    @classmethod
    def is_due(cls) -> ColumnElement[bool]:
        return and_(cls.is_waiting(), cls.due_at <= clock.now())

    @classmethod
    def is_in_doubt(cls) -> ColumnElement[bool]:
        """Select whether it was handed over, and no answer came before the claim ended."""
        return and_(cls.is_owed(), cls.handed_over_at.is_not(None), cls.due_at <= clock.now())

    @classmethod
    def has_failed(cls) -> ColumnElement[bool]:
        return cls.failed_at.is_not(None)

    @classmethod
    def claim(cls, message_id: int) -> Self | None:
        """Give a due message to this worker alone, for the time of LEASE.

        Returns None when the message is not due any more, or has been tried as often as RETRY_AFTER allows.
        """
        lease = update(cls).where(cls.id == message_id, cls.is_due())
        if not changes_one(lease.values(due_at=clock.now() + LEASE, tries=cls.tries + 1)):
            return None
        row = db.session.get_one(cls, message_id, populate_existing=True)
        if row.tries > len(RETRY_AFTER) + 1:
            row.give_up(row.failure or "The worker stopped each time it tried to send this.")
            return None
        return row

    def hand_over(self) -> bool:
        """Note that the mail server is about to read it; return False when another worker has it by now."""
        # From here on it is sent again only when the server is known not to have accepted it, or a person asks for it.
        is_mine = and_(OutboxMessage.id == self.id, OutboxMessage.tries == self.tries)
        mine = update(OutboxMessage).where(is_mine, OutboxMessage.is_waiting())
        return changes_one(mine.values(handed_over_at=clock.now()))

    def leave_in_doubt(self, failure: str) -> None:
        """Note that nobody knows whether it was accepted, so that a person decides whether to send it again."""
        self.failure, self.due_at = failure[:500], clock.now()

    @classmethod
    def note_bounce(cls, name: str, failure: str) -> bool:
        """Note that it came back after it had been accepted; return False when no message of that name was sent."""
        row = db.session.scalar(select(cls).where(cls.public_id == name, cls.handed_over_at.is_not(None)))
        if row and row.bounced_at is None:
            row.bounced_at, row.failure = clock.now(), failure[:500]
            Event.record(EventKind.MAIL_BOUNCED, student_id=row.student_id, message=row.id)
        return row is not None

    def send_again(self) -> bool:
        """Make it due once more, with the same Message-ID; return False unless it failed, came back or is in doubt."""
        cls = OutboxMessage
        came_to_nothing = cls.has_failed() | cls.bounced_at.is_not(None) | cls.is_in_doubt()
        afresh, message_id = {"due_at": clock.now(), "tries": 0, **dict.fromkeys(_ENDS)}, self.id
        is_ours = changes_one(update(cls).where(cls.id == message_id, came_to_nothing).values(afresh))
        if is_ours:
            after_commit(lambda: announce(message_id))
        return is_ours

    def mark_sent(self) -> None:
        self.sent_at, self.failure, self.sealed_words = clock.now(), None, None

    @property
    def words(self) -> dict[str, Any]:
        if self.sealed_words is None:
            return {}
        opened = keys.open_sealed(self.sealed_words, purpose="outbox-v1", owner=self.public_id)
        return dict(json.loads(opened))

    def put_off(self, failure: str) -> None:
        """Note why a try failed, and make the message due after the next wait, or give it up after the last try."""
        self.failure = failure[:500]
        if self.tries > len(RETRY_AFTER):
            self.give_up(failure)
        else:
            self.due_at, self.handed_over_at = clock.now() + RETRY_AFTER[max(self.tries, 1) - 1], None

    def give_up(self, failure: str) -> None:
        """Mark it as failed; `failure` is a sentence for staff that says why."""
        self.failed_at, self.failure, self.sealed_words = clock.now(), failure[:500], None


_NEW = insert(OutboxMessage.__table__)  # type: ignore[arg-type]
_ENDS = ("handed_over_at", "sent_at", "failed_at", "bounced_at", "failure")


def domain_of(address: str) -> str:
    """Return the part of an email address behind the @, in lower case."""
    return address.rpartition("@")[2].lower()[:253]
