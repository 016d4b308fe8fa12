"""Mail that is owed. A row is written in the transaction of the act; the worker sends it afterwards."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import ForeignKey, Index, LargeBinary, String, select, update
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock, keys
from portal.db import Base, after_commit, db
from portal.models.identity import PubliclyNamed, new_public_id

#: Waits before the second, third … try; after the last one the message has failed.
RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))

#: How long a worker may take over one message; if it was lost meanwhile, another one tries again.
LEASE = timedelta(minutes=10)


def _wait_for_the_sweep(_message_id: int) -> None:
    """Nobody listens: the message is found when the outbox is next looked through."""


#: Told of each message once it is safely stored, so that it goes out at once; set at start by portal.jobs.
announce: Callable[[int], None] = _wait_for_the_sweep


class MessageKind(StrEnum):
    LOGIN_INSTRUCTIONS = "login_instructions"
    PASSWORD_RESET = "password_reset"  # noqa: S105
    EMAIL_CHECK = "email_check"
    EMAIL_CHANGED = "email_changed"
    SIGN_UP_CHECK = "sign_up_check"
    INVITATION = "invitation"
    GUESSING_ALARM = "guessing_alarm"


class OutboxMessage(PubliclyNamed, Base):
    __tablename__ = "outbox"
    __table_args__ = (Index(None, "sent_at", "failed_at", "due_at"), Index(None, "student_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    to_address: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(12), default="en")
    #: The account it is for, when it has one.
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    #: The student whose login instructions it carries; the code is opened when it is sent, never stored here.
    student_id: Mapped[int | None] = mapped_column(ForeignKey("students.id"))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    #: Further words of the message, sealed: {"placeholder": "text"}.
    sealed_words: Mapped[bytes | None] = mapped_column(LargeBinary)
    due_at: Mapped[datetime] = mapped_column(default=clock.now)
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    #: Why the last try failed, in words for staff.
    failure: Mapped[str | None] = mapped_column(String(500))

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
        """Owe a message, in the open transaction."""
        row = cls(
            public_id=new_public_id(), kind=kind.value, to_address=to, language=language or "en",
            account_id=account_id, student_id=student_id, created_by_id=by_id,
        )  # fmt: skip
        if words:
            row.sealed_words = keys.seal(json.dumps(words), purpose="outbox-v1", owner=row.public_id)
        db.session.add(row)
        db.session.flush()
        message_id = row.id
        after_commit(lambda: announce(message_id))
        return row

    @classmethod
    def due(cls, limit: int) -> list[int]:
        """The ids of the messages to be sent now, oldest first."""
        waiting = select(cls.id).where(
            cls.sent_at.is_(None), cls.failed_at.is_(None), cls.due_at <= clock.now()
        )
        return list(db.session.scalars(waiting.order_by(cls.due_at, cls.id).limit(limit)))

    @classmethod
    def claim(cls, message_id: int) -> Self | None:
        """Take a due message for this worker: for the length of LEASE nobody else gets it.

        None when it is not due (any more), or has been tried often enough.
        """
        is_due = (cls.id == message_id) & cls.sent_at.is_(None) & cls.failed_at.is_(None)
        lease = update(cls).where(is_due, cls.due_at <= clock.now())
        lease = lease.values(due_at=clock.now() + LEASE, tries=cls.tries + 1)
        if db.session.execute(lease.execution_options(synchronize_session=False)).rowcount == 0:  # type: ignore[attr-defined]
            return None
        row = db.session.get_one(cls, message_id, populate_existing=True)
        if row.tries > len(RETRY_AFTER) + 1:
            row.give_up(row.failure or "The worker stopped each time it tried to send this.")
            return None
        return row

    def mark_sent(self) -> None:
        self.sent_at, self.failure, self.sealed_words = clock.now(), None, None

    @property
    def words(self) -> dict[str, Any]:
        if self.sealed_words is None:
            return {}
        opened = keys.open_sealed(self.sealed_words, purpose="outbox-v1", owner=self.public_id)
        return dict(json.loads(opened))

    def put_off(self, failure: str) -> None:
        """Note that a claimed message did not go out: the next try comes later, or none if these were enough."""
        self.failure = failure[:500]
        if self.tries > len(RETRY_AFTER):
            self.give_up(failure)
        else:
            self.due_at = clock.now() + RETRY_AFTER[max(self.tries, 1) - 1]

    def give_up(self, failure: str) -> None:
        """This message will never be sent; `failure` tells staff why."""
        self.failed_at, self.failure, self.sealed_words = clock.now(), failure[:500], None
