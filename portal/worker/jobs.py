"""Work done after the response: mail goes out, jobs are done, totals are kept. The worker of `portal serve` does it."""

from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask, current_app

from portal.config import Settings
from portal.mail import delivery
from portal.mail.sender import Sender, sender_for
from portal.models import Job, JobKind, disclosure
from portal.models.jobs import job
from portal.models.mail import outbox
from portal.worker import housekeeping, letters, queues, rosters, runs, totals
from portal.worker.queues import Consumer, crontab

log = structlog.get_logger(__name__)

#: What each kind of job does.
WORKS: runs.Works = {
    JobKind.LETTERS: letters.LETTERS,
    JobKind.ROSTER_PREVIEW: rosters.PREVIEW,
    JobKind.ROSTER_APPLY: rosters.APPLY,
}

#: Three, so that mail goes out while a roster is being read and letters are being printed.
WORKERS = 3
#: Seconds between two looks into an empty queue, at most.
LONGEST_PAUSE = 0.5


def init_app(app: Flask) -> None:
    """Give the application its queue, and let models announce mail and jobs to it once they are committed."""
    app.extensions["jobs"] = Jobs(app)
    outbox.announce = _announce
    job.announce = lambda job_id: of(current_app).run_job(job_id)


def of(app: Flask) -> "Jobs":
    jobs: Jobs = app.extensions["jobs"]
    return jobs


class Jobs:
    """The queue of one application: by default a file of its own, `jobs.db` in its home.

    Nothing depends on it: what was lost with it is found again by the sweep, within a minute.
    """

    def __init__(self, app: Flask) -> None:
        settings: Settings = app.extensions["settings"]
        self.sender: Sender = sender_for(settings)
        self._app = app
        self._lock = settings.home / "outbox.lock"
        self._pace = settings.mail_pace
        self.works = WORKS
        self._queue = queues.queue_for(settings)
        self._queue_errors = queues.queue_errors(settings)
        self.deliver_mail = self._task("deliver_mail", self._deliver)
        self.deliver_waiting = self._task("deliver_waiting", self._deliver_due)
        self.run_job = self._task("run_job", self._run)
        self._queue.periodic_task(crontab(minute="*"), name="sweep")(self._inside(self.sweep))
        self._queue.periodic_task(crontab(minute="17"), name="tidy")(self._inside(housekeeping.delete_rows))
        self._queue.periodic_task(crontab(minute="27"), name="snapshots")(
            self._inside(totals.take_daily_snapshots)
        )

    def sweep(self) -> None:
        """Take up whatever is due and was not taken up, such as after a crash. Runs every minute."""
        disclosure.write_what_waits()
        totals.recount_changed()
        for job_id in Job.unfinished():
            self.run_job(job_id)
        housekeeping.wipe_files(self.works)
        self._deliver_due()  # last: it may take long

    def run_queued(self) -> None:
        """Do everything that waits in the queue, now and here."""
        while task := self._queue.dequeue():
            self._queue.execute(task)

    def clear(self) -> None:
        """Empty the queue. The sweep finds again what still has to be done."""
        self._queue.flush()

    def consumer(self) -> Consumer:
        """Return what runs the queue: its `run()` returns when the process is told to end."""
        return _Consumer(self._queue, workers=WORKERS, max_delay=LONGEST_PAUSE, graceful_signal="TERM")

    def _deliver(self, message_id: int) -> None:
        delivery.deliver(message_id, sender=self.sender)

    def _deliver_due(self) -> None:
        delivery.deliver_due(sender=self.sender, lock=self._lock, pace=self._pace)

    def _run(self, job_id: int) -> None:
        runs.run(job_id, self.works)

    def _task(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        task = self._queue.task(name=name)(self._inside(work))

        def enqueue(*row_ids: int) -> None:
            try:
                task(*row_ids)
            except self._queue_errors as error:  # a full disk, say: the sweep will find it
                log.warning("work waits for the sweep", work=name, rows=row_ids, reason=type(error).__name__)

        return enqueue

    def _inside(self, work: Callable[..., Any]) -> Callable[..., None]:
        def run(*args: Any) -> None:
            with self._app.app_context():
                work(*args)

        return run


class _Consumer(Consumer):  # type: ignore[misc]  # published without types
    """Handles signals only under `run()`, where it owns the process.

    After `start()`, in a web server's process, the server does.
    """

    owns_process = False

    def _set_signal_handlers(self) -> None:
        if self.owns_process:
            super()._set_signal_handlers()

    @property
    def is_busy(self) -> bool:
        """Whether one of its threads has something to finish."""
        return any(thread.is_alive() for _, thread in self.worker_threads)

    def run(self) -> None:
        self.owns_process = True
        super().run()


def _announce(*message_ids: int) -> None:
    """Queue the delivery of these messages; without ids, of all that wait."""
    jobs = of(current_app)
    if message_ids:
        jobs.deliver_mail(*message_ids)
    else:
        jobs.deliver_waiting()
