"""The engine that does jobs: each is done once, whoever dies on the way.

**A job is left.** `Job.start` adds a row to `jobs`, in the transaction of whoever asks for the work. When that
transaction is committed, the job's id goes into the queue, and any worker that is free takes it from there. The queue
may lose an id or hold it twice: the sweep puts the ids of all jobs that are not over into it again, every minute.

**One worker claims it.** The lock is `flock` on a file in the job's folder, taken without waiting: a worker that does
not get it leaves the job to the one that has it. The kernel releases the lock of a process that ends, for whatever
reason, so nothing has to expire before the next worker can claim the job.

**A try is counted** in the row, by the worker with the lock. That number is the fencing token: what a try says of
its end (done, failed, cancelled) counts only if no later one has begun, as can happen where two machines do not share
the folder. After MOST_TRIES tries that came to no end, the next one ends the job as failed.

**It ends in one transaction**, which writes that the job is over together with whatever the work stores or changes
(`Result.record`). A worker that dies before the commit has changed nothing, and the next one begins again with an
empty draft; one that dies after it has left a job that is over. A failure is noted in the same manner, in words for
the person. Work that has to check whether it was cancelled does so while it is under way (`Run.report`).

**What came out** is a file in the job's folder, or nothing. `housekeeping` deletes the folders of jobs that are over.
"""

import errno
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import structlog

from portal import clock, db
from portal.db import Refused
from portal.models import Account, Job, JobKind
from portal.text.language import gettext as _
from portal.worker.folders import EVERY, JobFolder

log = structlog.get_logger(__name__)

#: A job during which the worker died this often is not tried again.
MOST_TRIES = 3


class Cancelled(Exception):
    """The person cancelled the job, or a later try counts instead."""


class GivenUp(Exception):
    """The worker died too often during this job."""


class Run:
    """One try at a job, as the work on it sees it."""

    def __init__(self, job: Job, folder: JobFolder) -> None:
        self.job = job
        self.folder = folder
        #: The number of this try. Kept here, since the row may be read again.
        self.tries = job.tries
        self.arguments, self.total = job.arguments, job.total
        #: Whose reach counts, as it is now.
        self.author = db.session.get_one(Account, job.created_by_id, populate_existing=True)
        self._looked_at = clock.now()

    @cached_property
    def draft(self) -> Path:
        """An empty folder, thrown away with all that is not kept. Raises OSError when there is no room."""
        return self.folder.fresh_draft()

    def report(self, done: int, all: int) -> None:
        """Show how far the work is, outside a transaction. Raises Cancelled when the person has asked for that."""
        self.folder.note_progress(done, all)
        if clock.now() - self._looked_at >= EVERY or done == all:
            self._looked_at = clock.now()
            self.stop_if_cancelled()

    def note(self, notes: str) -> None:
        """Store notes to read beside the file, for as long as the file is kept: they may hold names."""
        self.folder.notes = notes

    def stop_if_cancelled(self) -> None:
        is_cancelled = self.job.is_to_be_cancelled()
        db.session.rollback()  # nothing stays open while pages are made
        if is_cancelled:
            raise Cancelled


class Result(NamedTuple):
    """The result of a run."""

    #: Called in the transaction that ends the job: stores or changes what the work is for, or raises.
    record: Callable[[], None]
    #: Counts, for the page.
    summary: dict[str, Any] | None = None
    #: A file in the draft of the run, and the name it is downloaded under; none where nothing is downloaded.
    path: Path | None = None
    name: str | None = None


class Work(NamedTuple):
    """The functions that do one kind of job."""

    #: Does it, outside a transaction, as far as that goes.
    make: Callable[[Run], Result]
    #: Whether an account may (still) have the file that came out of a job.
    is_allowed: Callable[[Job, Account], bool] = lambda _job, _account: False
    #: What to say to the person about an exception; None for what is said of all kinds.
    explain: Callable[[Exception], str | None] = lambda _error: None
    #: Called in the transaction that ends a job as failed, with the sentence for the person.
    note_failure: Callable[[Job, str], None] = lambda _job, _sentence: None


Works = Mapping[JobKind, Work]


def run(job_id: int, works: Works) -> None:
    """Do the job, unless another worker is at it or it is over."""
    job = db.session.get(Job, job_id)
    if job is None or not job.is_current():
        return
    folder = JobFolder(job.public_id)
    with folder.locked() as is_ours:
        db.session.rollback()  # what another worker did meanwhile is seen
        begun = _begin(job_id) if is_ours else None
        if begun:
            _try(Run(begun, folder), works[JobKind(begun.kind)])


def is_available(job: Job, works: Works) -> bool:
    """Whether there is a file that its author may have now."""
    author = db.session.get(Account, job.created_by_id)
    return author is not None and job.has_file and works[JobKind(job.kind)].is_allowed(job, author)


def _begin(job_id: int) -> Job | None:
    with db.writing():
        return Job.begin(job_id)


def _try(run: Run, work: Work) -> None:
    try:
        _make(run, work)
    except Cancelled:
        _end(run, lambda: run.job.note_cancelled(tries=run.tries))
    except Exception as error:  # noqa: BLE001 - whatever it is, it may quote a letter
        _fail(run, work, work.explain(error) or _explain(error, run))


def _make(run: Run, work: Work) -> None:
    if run.tries > MOST_TRIES:
        raise GivenUp
    run.stop_if_cancelled()
    result = work.make(run)
    db.session.rollback()
    if result.path:
        run.folder.keep(result.path)
    with db.writing():
        is_done = run.job.finish(tries=run.tries, file_name=result.name, summary=result.summary)
        if is_done:
            result.record()
    if not is_done:
        raise Cancelled
    if not result.path:
        run.folder.discard()


def _fail(run: Run, work: Work, sentence: str) -> None:
    def note() -> bool:
        is_ours = run.job.fail(sentence, tries=run.tries)
        if is_ours:
            work.note_failure(run.job, sentence)
        return is_ours

    _end(run, note)


def _end(run: Run, note: Callable[[], bool]) -> None:
    db.session.rollback()
    with db.writing():
        is_ours = note()
    if is_ours:
        run.folder.discard()


def _explain(error: Exception, run: Run) -> str:
    if isinstance(error, Refused):
        return str(error)
    if isinstance(error, GivenUp):
        return _("The worker stopped three times at this. Please tell whoever runs the server.")
    log.error("job failed", job=run.job.id, kind=run.job.kind, reason=reason(error))
    if not isinstance(error, OSError):
        return _("Something went wrong on our side. Please tell whoever runs the server.")
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return _("The disk of the server is full, so the file could not be written. Nothing of it was kept.")
    return _("The file could not be written. Please tell whoever runs the server.")


def reason(error: Exception) -> str:
    """Return what the log says of an exception: never its text, which may quote a letter or a line of a roster."""
    code = errno.errorcode.get(error.errno or 0) if isinstance(error, OSError) else None
    return code or type(error).__name__
