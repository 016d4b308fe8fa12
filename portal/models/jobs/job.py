"""The table of jobs: work that takes longer than a page may. portal.worker.runs executes it."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import JSON, ForeignKey, Index, String, and_, func, select, update
from sqlalchemy.orm import Mapped, defer, mapped_column
from sqlalchemy.sql import ColumnElement

from portal import clock
from portal.db import Base, Refused, Scoped, after_commit, db
from portal.models.accounts.account import Account
from portal.models.jobs.stage import LISTED, JobKind, JobStage
from portal.models.rows import Endable, PubliclyNamed, changes_one, new_public_id
from portal.policy.permissions import Permission, Reach
from portal.policy.reach import HasId
from portal.text.language import gettext as _

#: How long the file of a job can be downloaded.
KEPT = timedelta(hours=1)

#: The greatest number of jobs of one person and one listed kind that may wait or run at the same time.
MOST_AT_ONCE = 3


def _tell_nobody(_job_id: int) -> None:
    """Do nothing: the worker finds the job when it next reads the table."""


#: Called with the id of each stored job, so that it begins at once. portal.worker.jobs sets it at start.
announce: Callable[[int], None] = _tell_nobody


class Job(PubliclyNamed, Endable, Scoped, Base):
    __tablename__ = "jobs"
    __table_args__ = (Index(None, "created_by_id", "id"), Index(None, "ended_at", "wiped_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    #: The ids and options that it works on, never a code, a name or an address.
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: The number of items to process; while it runs, a file in its folder holds how many are done.
    total: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    #: The earlier job that this one tries again.
    retry_of_id: Mapped[int | None] = mapped_column(ForeignKey("jobs.id"), unique=True)
    #: How often a worker began it. Only the result of the last try counts.
    tries: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime | None]
    cancel_asked_at: Mapped[datetime | None]
    #: When it ended; `stage` says how.
    ended_at: Mapped[datetime | None]
    file_name: Mapped[str | None] = mapped_column(String(120))
    #: Counts of the results, for the page.
    summary: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    #: Why it failed, in a sentence for the person.
    failure: Mapped[str | None] = mapped_column(String(500))
    expires_at: Mapped[datetime | None]
    #: When its folder was emptied.
    wiped_at: Mapped[datetime | None]

    @classmethod
    def within(cls, _reach: Reach, account: HasId) -> ColumnElement[bool]:
        """Return the criterion for the account's listed jobs; nobody else sees them, since results depend on reach."""
        return and_(cls.created_by_id == account.id, cls.kind.in_(LISTED))

    @classmethod
    def start(
        cls, kind: JobKind, *, by: Account, arguments: dict[str, Any], total: int = 0,
        retry_of: Self | None = None,
    ) -> Self:  # fmt: skip
        """Store a job for the worker, in the open transaction, and return it.

        Returns an unfinished job like it of a listed kind. Raises Refused when MOST_AT_ONCE others are unfinished.
        """
        same = cls._same_under_way(kind, by, arguments) if kind in LISTED else None
        if same:
            return same
        row = cls(
            public_id=new_public_id(), kind=kind.value, arguments=arguments, total=total, created_by_id=by.id,
            retry_of_id=retry_of.id if retry_of else None,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        job_id = row.id
        after_commit(lambda: announce(job_id))
        return row

    def retry(self, *, by: Account) -> "Job":
        """Start a job that does the same again and return it; a second press of the button returns the same job."""
        if self.is_current():
            raise Refused(_("This is still being worked on."))
        _lock(by)
        again = db.session.scalar(select(Job).where(Job.retry_of_id == self.id))
        return again or Job.start(
            JobKind(self.kind), by=by, arguments=self.arguments, total=self.total, retry_of=self
        )

    @classmethod
    def _same_under_way(cls, kind: JobKind, by: Account, arguments: dict[str, Any]) -> Self | None:
        _lock(by)
        own = select(cls).where(cls.created_by_id == by.id, cls.kind == kind, cls.is_current())
        under_way = db.session.scalars(own).all()
        same = next((job for job in under_way if job.arguments == arguments), None)
        if same is None and len(under_way) >= MOST_AT_ONCE:
            raise Refused(
                _("Three of your jobs are under way already. Wait until one is done, or cancel one.")
            )
        return same

    @classmethod
    def latest_of(cls, account: Account, limit: int) -> Sequence[Self]:
        """Return this person's latest jobs, the newest first, without their long lists of ids."""
        own = cls.visible_to(account, Permission.MANAGE_CODES).options(defer(cls.arguments))
        return db.session.scalars(own.order_by(cls.id.desc()).limit(limit)).all()

    @classmethod
    def unfinished(cls) -> Sequence[int]:
        """Return the ids of jobs that wait, run, or ran in a worker that died."""
        return db.session.scalars(select(cls.id).where(cls.is_current()).order_by(cls.id)).all()

    @classmethod
    def under_way_with(cls, argument: str, value: int) -> Self | None:
        """Return the unfinished job that has `value` as that argument."""
        is_meant = cls.arguments[argument].as_integer() == value
        return db.session.scalar(select(cls).where(cls.is_current(), is_meant))

    @classmethod
    def unwiped(cls) -> Sequence[Self]:
        """Return the ended jobs whose folder may still hold files."""
        return db.session.scalars(select(cls).where(~cls.is_current(), cls.wiped_at.is_(None))).all()

    @classmethod
    def is_known(cls, public_id: str) -> bool:
        return db.session.scalar(select(cls.id).where(cls.public_id == public_id)) is not None

    @property
    def stage(self) -> JobStage:
        if self.is_current():
            return JobStage.RUNNING if self.begun_at else JobStage.WAITING
        if self.file_name:
            return JobStage.READY if self.has_file else JobStage.EXPIRED
        if self.failure:
            return JobStage.FAILED
        return JobStage.CANCELLED if self.cancel_asked_at else JobStage.DONE

    @property
    def has_file(self) -> bool:
        """Whether its file can be downloaded now, even if the worker has yet to delete an expired one."""
        return self.expires_at is not None and self.wiped_at is None and clock.now() < self.expires_at

    @property
    def minutes_left(self) -> int:
        """How many minutes its file can still be downloaded, rounded up."""
        left = (self.expires_at or clock.now()) - clock.now()
        return max(-(-int(left.total_seconds()) // 60), 0)

    @classmethod
    def begin(cls, job_id: int) -> Self | None:
        """Count a try by the worker that holds the job's folder, and return the job; None when it has ended."""
        values = {"tries": cls.tries + 1, "begun_at": func.coalesce(cls.begun_at, clock.now())}
        begun = update(cls).where(cls.id == job_id, cls.is_current()).values(values)
        return db.session.get_one(cls, job_id, populate_existing=True) if changes_one(begun) else None

    def finish(self, *, tries: int, file_name: str | None, summary: dict[str, Any] | None) -> bool:
        """Store the results of the try of that number; return False when it was cancelled or a later try began."""
        values = {"ended_at": clock.now(), "file_name": file_name, "summary": summary}
        values["expires_at"] = clock.now() + KEPT if file_name else None
        return self._end(values, Job.tries == tries, Job.cancel_asked_at.is_(None))

    def fail(self, sentence: str, *, tries: int) -> bool:
        """Mark it as failed, for the reason in `sentence`; return False when a later try began."""
        return self._end({"ended_at": clock.now(), "failure": sentence[:500]}, Job.tries == tries)

    def ask_to_cancel(self) -> bool:
        """Cancel it at once if it waits, or ask its worker to stop; return False when it has ended."""
        now = clock.now()
        is_waiting = self._end({"ended_at": now, "cancel_asked_at": now}, Job.begun_at.is_(None))
        return is_waiting or self._end({"cancel_asked_at": func.coalesce(Job.cancel_asked_at, now)})

    def is_to_be_cancelled(self) -> bool:
        """Read from the database whether somebody asked to cancel it."""
        return db.session.scalar(select(Job.cancel_asked_at).where(Job.id == self.id)) is not None

    def note_cancelled(self, *, tries: int) -> bool:
        """Note that the worker has stopped; return False when a later try began."""
        return self._end({"ended_at": clock.now()}, Job.tries == tries, Job.cancel_asked_at.is_not(None))

    def _end(self, values: dict[str, Any], *conditions: ColumnElement[bool]) -> bool:
        own = and_(Job.id == self.id, Job.is_current(), *conditions)
        is_ours = changes_one(update(Job).where(own).values(values))
        db.session.refresh(self)
        return is_ours


def _lock(account: Account) -> None:
    """Lock the account, so that simultaneous requests of one person are handled one after the other."""
    db.session.execute(select(Account.id).where(Account.id == account.id).with_for_update())
