"""Jobs: work that takes longer than a page may. `portal.worker.runs` says how it is done."""

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

#: How long what came out can be fetched.
KEPT = timedelta(hours=1)

#: Jobs of one person and of one listed kind that may wait or run at the same time.
MOST_AT_ONCE = 3


def _tell_nobody(_job_id: int) -> None:
    """The job is found when the jobs are next looked through."""


#: Told of each job once it is safely stored, so that it begins at once; set at start by portal.worker.jobs.
announce: Callable[[int], None] = _tell_nobody


class Job(PubliclyNamed, Endable, Scoped, Base):
    __tablename__ = "jobs"
    __table_args__ = (Index(None, "created_by_id", "id"), Index(None, "ended_at", "wiped_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    #: What it works on: ids and options. Never a code, a name or an address.
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: Of how many things; how many are done stands in its folder while it runs.
    total: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    #: The earlier job that this one tries again.
    retry_of_id: Mapped[int | None] = mapped_column(ForeignKey("jobs.id"), unique=True)
    #: How often a worker began it. The number of a try settles whose result counts: the latest one's.
    tries: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime | None]
    cancel_asked_at: Mapped[datetime | None]
    #: When it came to an end; which one is told by `stage`.
    ended_at: Mapped[datetime | None]
    file_name: Mapped[str | None] = mapped_column(String(120))
    #: Counts of what came out, for the page.
    summary: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    #: A sentence for the person.
    failure: Mapped[str | None] = mapped_column(String(500))
    expires_at: Mapped[datetime | None]
    #: Since when its folder holds nothing any more.
    wiped_at: Mapped[datetime | None]

    @classmethod
    def within(cls, _reach: Reach, account: HasId) -> ColumnElement[bool]:
        """A job is its author's alone: what comes out was made for their reach."""
        return and_(cls.created_by_id == account.id, cls.kind.in_(LISTED))

    @classmethod
    def start(
        cls, kind: JobKind, *, by: Account, arguments: dict[str, Any], total: int = 0,
        retry_of: Self | None = None,
    ) -> Self:  # fmt: skip
        """Leave work for the worker, in the open transaction.

        Of a listed kind, the same job if this person has it under way already. Raises Refused when three others are.
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
        """Do the same once more, as a job of its own; one pressed twice is one."""
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
        """What this person asked for, newest first; without the long lists of ids."""
        own = cls.visible_to(account, Permission.MANAGE_CODES).options(defer(cls.arguments))
        return db.session.scalars(own.order_by(cls.id.desc()).limit(limit)).all()

    @classmethod
    def unfinished(cls) -> Sequence[int]:
        """The ids of those that wait for a worker, or whose worker may have died."""
        return db.session.scalars(select(cls.id).where(cls.is_current()).order_by(cls.id)).all()

    @classmethod
    def under_way_with(cls, argument: str, value: int) -> Self | None:
        """The job that is not over and has `value` as that argument."""
        is_meant = cls.arguments[argument].as_integer() == value
        return db.session.scalar(select(cls).where(cls.is_current(), is_meant))

    @classmethod
    def unwiped(cls) -> Sequence[Self]:
        """Those that are over and whose folder may still hold something."""
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
        """Whether what came out can be fetched now: decided here, however late the sweep is."""
        return self.expires_at is not None and self.wiped_at is None and clock.now() < self.expires_at

    @property
    def minutes_left(self) -> int:
        """For how many more minutes, rounded up."""
        left = (self.expires_at or clock.now()) - clock.now()
        return max(-(-int(left.total_seconds()) // 60), 0)

    @classmethod
    def begin(cls, job_id: int) -> Self | None:
        """Count one more try, for the worker that holds the job's folder. None when there is nothing to be done."""
        values = {"tries": cls.tries + 1, "begun_at": func.coalesce(cls.begun_at, clock.now())}
        begun = update(cls).where(cls.id == job_id, cls.is_current()).values(values)
        return db.session.get_one(cls, job_id, populate_existing=True) if changes_one(begun) else None

    def finish(self, *, tries: int, file_name: str | None, summary: dict[str, Any] | None) -> bool:
        """It is done, by the try of that number. False when that does not count: cancelled, or a later one began."""
        values = {"ended_at": clock.now(), "file_name": file_name, "summary": summary}
        values["expires_at"] = clock.now() + KEPT if file_name else None
        return self._end(values, Job.tries == tries, Job.cancel_asked_at.is_(None))

    def fail(self, sentence: str, *, tries: int) -> bool:
        """Nothing came of it; the sentence tells the person why. False when a later try began."""
        return self._end({"ended_at": clock.now(), "failure": sentence[:500]}, Job.tries == tries)

    def ask_to_cancel(self) -> bool:
        """Have it stopped: at once while it waits, else by its worker within a moment. False when it is over."""
        now = clock.now()
        is_waiting = self._end({"ended_at": now, "cancel_asked_at": now}, Job.begun_at.is_(None))
        return is_waiting or self._end({"cancel_asked_at": func.coalesce(Job.cancel_asked_at, now)})

    def is_to_be_cancelled(self) -> bool:
        """Asked anew, by the worker that is at it."""
        return db.session.scalar(select(Job.cancel_asked_at).where(Job.id == self.id)) is not None

    def note_cancelled(self, *, tries: int) -> bool:
        """The worker has stopped. False when a later try began."""
        return self._end({"ended_at": clock.now()}, Job.tries == tries, Job.cancel_asked_at.is_not(None))

    def _end(self, values: dict[str, Any], *conditions: ColumnElement[bool]) -> bool:
        own = and_(Job.id == self.id, Job.is_current(), *conditions)
        is_ours = changes_one(update(Job).where(own).values(values))
        db.session.refresh(self)
        return is_ours


def _lock(account: Account) -> None:
    """Two presses of one person at once come one after the other."""
    db.session.execute(select(Account.id).where(Account.id == account.id).with_for_update())
