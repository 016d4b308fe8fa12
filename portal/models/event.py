"""The record of events: who did what to whom, and when. Triggers of the database refuse changes and deletions."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock
from portal.db import Base, db
from portal.models.rows import batched
from portal.policy.reach import Actor


class EventKind(StrEnum):
    """The kinds of events. The values are stored."""

    SIGNED_IN = "signed in"
    SIGN_IN_FAILED = "sign-in failed"
    SIGNED_OUT = "signed out"
    SECOND_FACTOR_SET = "second factor set"
    SECOND_FACTOR_RESET = "second factor reset"
    PASSWORD_RESET_ASKED = "password reset asked"  # noqa: S105
    PASSWORD_CHANGED = "password changed"  # noqa: S105
    EMAIL_VERIFIED = "email verified"
    EMAIL_CHANGED = "email changed"
    ACCOUNT_CREATED = "account created"
    ACCOUNT_CLOSED = "account closed"
    ACCOUNT_OPENED = "account opened again"
    CODE_ENABLED = "code enabled"
    CODE_RESET = "code reset"
    CODE_CLOSED = "code closed"
    CODE_SHOWN = "code shown"
    CODE_COPIED = "code copied"
    CODE_MAILED = "code mailed"
    MAIL_BOUNCED = "mail bounced"
    LETTER_PRINTED = "letter printed"
    LETTER_WORDED = "letter worded"
    LETTERS_FETCHED = "letters fetched"
    REVEALS_REPORTED = "many codes reported"
    OLD_CODE_TRIED = "old code tried"
    WRONG_CODE_TRIED = "wrong code tried"
    PAIRED = "paired"
    REVOKED = "revoked"
    LEFT = "left"
    RESTRICTED = "access restricted"
    RESTRICTION_ENDED = "restriction ended"
    RESTRICTED_CODE_TRIED = "restricted code tried"
    GUARDIAN_LIMIT_CHANGED = "guardian limit changed"
    FIELD_CHANGED = "field changed"
    NOTE_ADDED = "note added"
    NOTE_CORRECTED = "note corrected"
    STUDENT_VIEWED = "student viewed"
    PORTAL_ACCESS_VIEWED = "portal access viewed"
    CHILD_VIEWED = "child viewed"
    LEVEL_CHANGED = "level changed"
    SUPPORT_CREATED = "support created"
    SUPPORT_CHANGED = "support changed"
    SUPPORT_ENDED = "support ended"
    ADDED_TO_SUPPORT = "added to support"
    REMOVED_FROM_SUPPORT = "removed from support"
    POINT_PERSON_APPOINTED = "point person appointed"
    STUDENTS_EXPORTED = "students exported"
    SETTINGS_CHANGED = "school settings changed"
    LEVEL_REVIEWED = "level reviewed"
    TITLE_CHANGED = "title changed"
    TRUSTED_STATUS_CONFIRMED = "trusted status confirmed"
    INVITED = "invited"
    CODES_EXPORTED = "codes exported"
    BATCH_DONE = "batch done"
    ROSTER_PREVIEWED = "roster previewed"
    ROSTER_APPLIED = "roster applied"
    SCHOOL_ENTERED = "school entered"
    PORTFOLIO_CHANGED = "portfolio changed"
    NETWORK_SETTINGS_CHANGED = "network settings changed"


class Event(Base):
    """One recorded act. It holds ids and counts only: no names, codes or passwords."""

    __tablename__ = "events"
    __table_args__ = (Index(None, "student_id", "id"), Index(None, "kind", "at"), Index(None, "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    kind: Mapped[str] = mapped_column(String(40))
    #: The account that acted; none for the operator, or for a person who is not signed in.
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    student_id: Mapped[int | None] = mapped_column(ForeignKey("students.id"))
    #: The account that was acted upon, such as the guardian who was revoked.
    about_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    #: The client's network address.
    address: Mapped[str | None] = mapped_column(String(45))
    #: Further ids and counts, by name.
    details: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    @classmethod
    def record(
        cls,
        kind: EventKind,
        *,
        by: Actor | None = None,
        student_id: int | None = None,
        about_id: int | None = None,
        address: str | None = None,
        **details: Any,
    ) -> None:
        """Add an event in the open transaction.

        `by` is who acts; `about_id` is the account acted upon; `address` replaces the network address of `by`;
        `details` are ids and counts that JSON can hold.
        """
        db.session.connection().execute(
            _INSERT,
            {
                "at": clock.now(),
                "kind": kind.value,
                "account_id": by.id if by else None,
                "student_id": student_id,
                "about_id": about_id,
                "address": address or (by.acting_from if by else None),
                "details": details or None,
            },
        )

    @classmethod
    def record_all(cls, kind: EventKind, lines: Iterable[dict[str, Any]], *, by: Actor) -> None:
        """Add many events of one kind. `student_id` and `about_id` of a line are columns, all other items details."""
        cls.record_each(((kind, line) for line in lines), by=by)

    @classmethod
    def record_each(cls, lines: Iterable[tuple[EventKind, dict[str, Any]]], *, by: Actor) -> None:
        """Add events of several kinds in one statement, in this order. The lines are as for `record_all`."""
        common = {"account_id": by.id, "address": by.acting_from, "at": clock.now()}
        for chunk in batched([common | {"kind": kind.value} | _split(line) for kind, line in lines]):
            db.session.connection().execute(_INSERT, chunk)


def _split(line: dict[str, Any]) -> dict[str, Any]:
    details = {name: value for name, value in line.items() if name not in ("student_id", "about_id")}
    return {
        "student_id": line.get("student_id"),
        "about_id": line.get("about_id"),
        "details": details or None,
    }


_TABLE: Any = Event.__table__
#: Of the table, because the ORM has nothing to do and would take longer; inline, because nobody asks for the id.
_INSERT = insert(_TABLE).inline()

#: The time of the latest event, for a statement that reads something else as well: see `moment_after`.
LATEST = select(func.max(Event.at)).scalar_subquery()
_MOMENT = select(LATEST)


def moment() -> datetime:
    """Return the present time, or that of the latest event if it is later.

    So what has expired stays expired when the clock of the machine is set back.
    """
    return moment_after(db.session.connection().scalar(_MOMENT))


def moment_after(latest: datetime | None) -> datetime:
    """Return what `moment` does, when the time of the latest event has been read already; None when there is none."""
    now = clock.now()
    return max(now, latest) if latest else now
