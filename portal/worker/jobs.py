"""Work done after the response: mail goes out, jobs are done, totals are kept. `portal worker` does it."""

from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask, current_app
from huey import crontab
from huey.consumer import Consumer

from portal.config import Settings
from portal.mail import delivery
from portal.mail.sender import Sender, sender_for
from portal.models import Job, JobKind
from portal.models.jobs import job
from portal.models.mail import outbox
from portal.worker import housekeeping, letters, queues, rosters, runs, totals

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
    """Let the application leave work behind; a message is announced once it is safely stored."""
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
        self._app, self._lock, self._pace = app, settings.home / "outbox.lock", settings.mail_pace
        self.works = WORKS
        self._queue = queues.queue_for(settings)
        self._troubles = queues.troubles()
        self.deliver_mail = self._task("deliver_mail", self._deliver)
        self.deliver_waiting = self._task("deliver_waiting", self._deliver_due)
        self.run_job = self._task("run_job", self._run)
        self._queue.periodic_task(crontab(minute="*"), name="sweep")(self._inside(self.sweep))
        self._queue.periodic_task(crontab(minute="17"), name="tidy")(self._inside(housekeeping.delete_rows))
        self._queue.periodic_task(crontab(minute="27"), name="snapshots")(self._inside(totals.note_the_day))

    def sweep(self) -> None:
        """Take up whatever is due and was not taken up, such as after a crash. Runs every minute."""
        totals.keep_up()
        for job_id in Job.unfinished():
            self.run_job(job_id)
        housekeeping.wipe_files(self.works)
        self._deliver_due()  # last: it may take long

    def work_off(self) -> None:
        """Do everything that waits in the queue, now and here."""
        while task := self._queue.dequeue():
            self._queue.execute(task)

    def forget_all(self) -> None:
        """Empty the queue. The sweep finds again what still has to be done."""
        self._queue.flush()

    def consumer(self) -> Consumer:
        """What runs the queue for as long as a process lives; its run() returns when the process is told to end."""
        return _Consumer(self._queue, workers=WORKERS, max_delay=LONGEST_PAUSE, graceful_signal="TERM")

    def _deliver(self, message_id: int) -> None:
        delivery.deliver(message_id, sender=self.sender)

    def _deliver_due(self) -> None:
        delivery.deliver_due(sender=self.sender, lock=self._lock, pace=self._pace)

    def _run(self, job_id: int) -> None:
        runs.run(job_id, self.works)

    def _task(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        task = self._queue.task(name=name)(self._inside(work))

        def leave(*row_ids: int) -> None:
            try:
                task(*row_ids)
            except self._troubles as error:  # a full disk, say: the sweep will find it
                log.warning("work waits for the sweep", work=name, rows=row_ids, reason=type(error).__name__)

        return leave

    def _inside(self, work: Callable[..., Any]) -> Callable[..., None]:
        def run(*args: Any) -> None:
            with self._app.app_context():
                work(*args)

        return run


class _Consumer(Consumer):  # type: ignore[misc]  # published without types
    """Where a web server owns the process and its signals, `start()` alone leaves them to it."""

    def _set_signal_handlers(self) -> None:
        if self.owns_process:
            super()._set_signal_handlers()

    owns_process = False

    def run(self) -> None:
        self.owns_process = True
        super().run()


def _announce(*message_ids: int) -> None:
    jobs = of(current_app)
    (jobs.deliver_mail if message_ids else jobs.deliver_waiting)(*message_ids)
