"""A job in the hands of a worker: held by one, counted, done in a folder of its own, and kept for an hour."""

import errno
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import structlog

from portal import clock, db
from portal.db import Refused
from portal.models import Account, Job, JobKind
from portal.text.language import gettext as _
from portal.worker.folders import EVERY
from portal.worker.job_folder import JobFolder, discard_what_nobody_knows

log = structlog.get_logger(__name__)

#: A job during which the worker died this often is not tried again.
MOST_TRIES = 3


class Cancelled(Exception):
    """Whoever asked for it does not want it any more."""


class Product(NamedTuple):
    """What came out: a file, the name it is saved under, counts, and what the record says of it."""

    path: Path
    name: str
    summary: dict[str, Any]
    #: Called in the transaction that makes the file available.
    record: Callable[[], None]


class Run:
    """One try at a job, as the work on it sees it."""

    def __init__(self, job: Job, folder: JobFolder) -> None:
        self._job, self._folder = job, folder
        self._looked_at = clock.now()
        self.arguments = job.arguments
        self.total = job.total
        #: Empty, and thrown away unless it comes to an end.
        self.folder = folder.fresh_draft()
        #: Whose reach counts, as it is now.
        self.author = db.session.get_one(Account, job.created_by_id, populate_existing=True)

    def report(self, done: int, all: int) -> None:
        """To be called often. Raises Cancelled when the person has asked for that."""
        self._folder.report(done, all)
        if clock.now() - self._looked_at >= EVERY or done == all:
            self._looked_at = clock.now()
            self.stop_if_cancelled()

    def note(self, text: str) -> None:
        """Something to read beside the file, kept as long as the file: it may hold names."""
        self._folder.notes = text

    def stop_if_cancelled(self) -> None:
        is_cancelled = self._job.is_to_be_cancelled()
        db.session.rollback()  # nothing stays open while pages are made
        if is_cancelled:
            raise Cancelled


class Work(NamedTuple):
    """What one kind of job does, and whether an account may (still) have what came out of it."""

    make: Callable[[Run], Product]
    is_allowed: Callable[[Job, Account], bool]


Works = Mapping[JobKind, Work]


def run(job_id: int, works: Works) -> None:
    """Do the job, unless another worker is at it or it is over."""
    job = db.session.get(Job, job_id)
    if job is None or job.ended_at:
        return
    folder = JobFolder(job.public_id)
    folder.set_up()
    with folder.locked() as is_ours:
        db.session.rollback()  # what another worker did meanwhile is seen
        if is_ours:
            _try(job_id, folder, works)


def tidy_up(works: Works) -> None:
    """Throw away what was kept long enough, what came to nothing, and what its author may not have any more."""
    for job in Job.unwiped():
        if not is_available(job, works):
            JobFolder(job.public_id).discard()
            with db.writing():
                job.wiped_at = clock.now()
    discard_what_nobody_knows()


def is_available(job: Job, works: Works) -> bool:
    """Whether its author may have what came out of it, now."""
    author = db.session.get(Account, job.created_by_id)
    return author is not None and job.has_file and works[JobKind(job.kind)].is_allowed(job, author)


def _try(job_id: int, folder: JobFolder, works: Works) -> None:
    with db.writing():
        job = Job.begin(job_id)
    if job is None:
        return
    try:
        _make(job, folder, works)
    except Cancelled:
        _end(folder, job.note_cancelled)
    except Refused as refusal:
        _fail(job, folder, str(refusal))
    except OSError as error:
        _fail(job, folder, _disk_trouble(error))
    except Exception as error:  # noqa: BLE001 - whatever it is, it may quote a letter
        log.error("job failed", job=job.id, kind=job.kind, reason=type(error).__name__)
        _fail(job, folder, _("Something went wrong on our side. Please tell whoever runs the server."))


def _make(job: Job, folder: JobFolder, works: Works) -> None:
    if job.tries > MOST_TRIES:
        raise Refused(_("The worker stopped three times at this. Please tell whoever runs the server."))
    run = Run(job, folder)
    run.stop_if_cancelled()
    product = works[JobKind(job.kind)].make(run)
    db.session.rollback()
    folder.keep(product.path)
    with db.writing():
        is_ready = job.finish(file_name=product.name, summary=product.summary)
        if is_ready:
            product.record()
    if not is_ready:
        raise Cancelled


def _fail(job: Job, folder: JobFolder, sentence: str) -> None:
    _end(folder, lambda: job.fail(sentence))


def _end(folder: JobFolder, note: Callable[[], bool]) -> None:
    db.session.rollback()
    with db.writing():
        is_ours = note()
    if is_ours:
        folder.discard()


def _disk_trouble(error: OSError) -> str:
    log.error("job failed", reason=errno.errorcode.get(error.errno or 0, "OSError"))
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return _("The disk of the server is full, so the file could not be written. Nothing of it was kept.")
    return _("The file could not be written. Please tell whoever runs the server.")
