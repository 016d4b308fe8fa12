"""The table of roster imports. A file is uploaded, previewed and applied by two jobs; the summary is kept."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Any, Self

from sqlalchemy import JSON, ForeignKey, Index, String, and_, select, update
from sqlalchemy.orm import Mapped, defer, mapped_column, raiseload, relationship
from sqlalchemy.sql import ColumnElement

from portal import clock
from portal.db import Base, Refused, Scoped, db
from portal.models.accounts.account import Account
from portal.models.jobs.job import Job
from portal.models.jobs.stage import JobKind
from portal.models.rows import PubliclyNamed, changes_one
from portal.policy.permissions import Permission, Reach
from portal.policy.reach import HasId
from portal.text.language import gettext as _

#: How long a roster that nobody applies is kept.
KEPT = timedelta(days=1)


class Stage(StrEnum):
    """The stage that an import has reached."""

    READING = auto()
    PREVIEWED = auto()
    APPLYING = auto()
    APPLIED = auto()
    FAILED = auto()


class RosterImport(PubliclyNamed, Scoped, Base):
    __tablename__ = "roster_imports"
    __table_args__ = (Index(None, "created_by_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The name of the uploaded file.
    file_name: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    #: The counts, samples and problems of the preview.
    preview: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    previewed_at: Mapped[datetime | None]
    #: When somebody confirmed it, and whether this person allowed it to remove unusually many people.
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    overrides_limit: Mapped[bool] = mapped_column(default=False)
    summary: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    applied_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    #: Why it failed, in a sentence for the person.
    failure: Mapped[str | None] = mapped_column(String(1000))

    created_by: Mapped[Account | None] = relationship(foreign_keys=created_by_id)

    @classmethod
    def within(cls, _reach: Reach, account: HasId) -> ColumnElement[bool]:
        """Return the criterion for the account's uploads; a file may name people out of others' reach."""
        owner: int = account.id
        return cls.created_by_id == owner

    @classmethod
    def upload(cls, *, public_id: str, file_name: str, by: Account) -> Self:
        """Add the import for the file stored under that public id, and start the job that reads it."""
        row = cls(public_id=public_id, file_name=file_name[:255], created_by_id=by.id)
        db.session.add(row)
        db.session.flush()
        row._leave_to_worker(JobKind.ROSTER_PREVIEW, by)
        return row

    @classmethod
    def forgotten(cls) -> Sequence[Self]:
        """Return the imports that were previewed longer ago than KEPT and never confirmed."""
        return db.session.scalars(
            select(cls).where(cls._can_be_applied(), cls.previewed_at < clock.now() - KEPT)
        ).all()

    @classmethod
    def named(cls, public_id: str) -> Self | None:
        return db.session.scalar(select(cls).where(cls.public_id == public_id))

    @classmethod
    def latest_of(cls, account: Account, limit: int) -> Sequence[Self]:
        """Return the latest uploads of this account, the newest first, without the large previews."""
        own = cls.visible_to(account, Permission.IMPORT_ROSTER).options(
            defer(cls.preview), raiseload(cls.created_by)
        )
        return db.session.scalars(own.order_by(cls.id.desc()).limit(limit)).all()

    @property
    def needs_override(self) -> bool:
        """Whether it removes unusually many people, so that somebody has to allow this."""
        return bool(self.preview and self.preview["refusal"])

    @classmethod
    def is_applied(cls) -> ColumnElement[bool]:
        return cls.applied_at.is_not(None)

    @property
    def stage(self) -> Stage:
        if self.failed_at:
            return Stage.FAILED
        if self.applied_at:
            return Stage.APPLIED
        if self.confirmed_at:
            return Stage.APPLYING
        return Stage.PREVIEWED if self.previewed_at else Stage.READING

    @property
    def is_waiting(self) -> bool:
        """Whether a job is reading or applying it."""
        return self.stage in {Stage.READING, Stage.APPLYING}

    def total(self, outcome: str) -> int:
        """Count the rows of all kinds with that outcome: "new", "changed", "gone" or "rejected"."""
        found = self.summary or self.preview or {"counts": {}}
        return sum(counts[outcome] for counts in found["counts"].values())

    def note_preview(self, preview: dict[str, Any]) -> None:
        """Store what applying it would change, in the transaction of the job that reads it."""
        self.preview, self.previewed_at = preview, clock.now()

    def confirm(self, *, by: Account, overrides_limit: bool = False) -> None:
        """Start the job that applies the roster; a second call does nothing.

        Raises Refused when it cannot be applied, or no longer.
        """
        values = {"confirmed_at": clock.now(), "confirmed_by_id": by.id, "overrides_limit": overrides_limit}
        if self._change(values):
            self._leave_to_worker(JobKind.ROSTER_APPLY, by)
        elif self.confirmed_at is None:
            raise Refused(_("This roster cannot be applied. Upload it again."))

    def forget(self, sentence: str) -> bool:
        """Mark it as failed, for the reason in `sentence`; return False when somebody has confirmed it by now."""
        return self._change({"failed_at": clock.now(), "failure": sentence})

    def note_applied(self, summary: dict[str, Any]) -> None:
        """Store what was changed, in the transaction that applies it."""
        self.summary, self.applied_at = summary, clock.now()

    def fail(self, sentence: str) -> None:
        """Mark it as failed, for the reason in `sentence`."""
        self.failed_at, self.failure = clock.now(), sentence[:1000]

    def job(self) -> Job | None:
        """Return the unfinished job that reads or applies it, if any."""
        return Job.under_way_with("roster_import", self.id)

    def _leave_to_worker(self, kind: JobKind, by: Account) -> None:
        Job.start(kind, by=by, arguments={"roster_import": self.id})

    @classmethod
    def _can_be_applied(cls) -> ColumnElement[bool]:
        return and_(cls.previewed_at.is_not(None), cls.confirmed_at.is_(None), cls.failed_at.is_(None))

    def _change(self, values: dict[str, Any]) -> bool:
        """Set these values if it can still be applied; return False when another request was first."""
        can_be = and_(RosterImport.id == self.id, RosterImport._can_be_applied())
        is_ours = changes_one(update(RosterImport).where(can_be).values(values))
        db.session.refresh(self)
        return is_ours
