"""Jobs in the hands of the worker: done once, whoever dies, and kept for an hour for one person."""

import errno
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.db import Refused
from portal.models import Job, JobKind, MessageKind, OutboxMessage
from portal.models.jobs.job import KEPT, MOST_AT_ONCE
from portal.models.jobs.stage import JobStage
from portal.worker import jobs, runs
from portal.worker.runs import MOST_TRIES, Result, Run, Work
from tests import rows
from tests.working import fails, folder_of, seen, started, worker, writes

__all__ = ["worker"]  # a fixture


@pytest.fixture
def otto(app):
    return rows.staff(rows.school())


def dies(worker: jobs.Jobs, job: Job) -> None:
    """The worker is killed in the middle of it: nothing it would still have done is done."""
    worker.works = fails(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        runs.run(job.id, worker.works)


def test_what_is_asked_for_is_made(otto, worker):
    worker.works = writes("twelve letters")
    job = started(otto)
    assert job.stage is JobStage.WAITING

    worker.run_queued()

    assert seen(job).stage is JobStage.READY
    assert (folder_of(job) / "product").read_text() == "twelve letters"
    assert job.summary == {"letters": 3, "covers": 1, "files": 1}


def test_what_is_rolled_back_is_never_begun(otto, worker):
    worker.works = writes()

    def start_and_fail() -> None:
        with db.writing():
            started(otto)
            raise Refused("The rules say no.")

    with pytest.raises(Refused):
        start_and_fail()
    worker.run_queued()
    worker.sweep()

    assert Job.unfinished() == []


def test_a_lost_queue_loses_no_job(otto, worker):
    worker.works = writes()
    job = started(otto)
    worker.clear()

    worker.sweep()
    worker.run_queued()

    assert seen(job).stage is JobStage.READY


def test_nobody_else_of_the_machine_can_read_it(otto, worker):
    worker.works = writes()
    job = started(otto)
    worker.run_queued()

    path = folder_of(job) / "product"
    assert path.stat().st_mode & 0o777 == 0o600
    assert all(folder.stat().st_mode & 0o077 == 0 for folder in path.parents[:2])


def test_the_same_asked_for_twice_is_one_job(otto, worker):
    assert started(otto) is started(otto)


def test_one_person_has_only_so_many_jobs_under_way(otto, worker):
    for number in range(MOST_AT_ONCE):
        started(otto, students=number + 1)

    with pytest.raises(Refused, match="under way"):
        started(otto, students=99)


def test_a_killed_workers_job_is_done_by_the_next_one(otto, worker):
    job = started(otto)
    dies(worker, job)
    assert seen(job).stage is JobStage.RUNNING

    worker.works = writes("whole")
    worker.sweep()
    worker.run_queued()

    assert seen(job).stage is JobStage.READY
    assert (folder_of(job) / "product").read_text() == "whole"
    assert not (folder_of(job) / "draft").exists()


def test_a_job_at_which_workers_die_is_given_up(otto, worker):
    job = started(otto)
    for _death in range(MOST_TRIES):
        dies(worker, job)

    worker.works = writes()
    worker.run_queued()

    assert seen(job).stage is JobStage.FAILED
    assert "stopped three times" in (job.failure or "")


def test_while_one_worker_is_at_it_another_stays_away(otto, worker):
    job, inner = started(otto), []
    worker.works = writes(then=lambda run: inner.append(runs.run(job.id, writes("second"))))

    worker.run_queued()

    assert seen(job).tries == 1
    assert (folder_of(job) / "product").read_text() == "a letter"


def test_only_the_latest_try_counts(otto, worker):
    """As when two machines share a database but not the locks of a folder."""
    job = started(otto)
    with db.writing():
        Job.begin(job.id)
        assert not job.finish(tries=0, file_name="old.pdf", summary={})
        assert job.finish(tries=1, file_name="new.pdf", summary={})
    assert job.file_name == "new.pdf"


@pytest.mark.parametrize("end", [lambda _run: None, lambda _run: 1 / 0], ids=["done", "failed"])
def test_what_an_earlier_try_says_of_its_end_does_not_count(otto, worker, end):
    def begin_on_another_machine(run: Run) -> None:
        with db.writing():
            Job.begin(run.job.id)
        end(run)

    job = started(otto)
    runs.run(job.id, writes(then=begin_on_another_machine))

    assert (seen(job).stage, job.tries) == (JobStage.RUNNING, 2)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (Refused("One of them is gone."), "One of them is gone."),
        (OSError(errno.ENOSPC, "No space left"), "disk of the server is full"),
        (OSError(errno.EIO, "Input/output error"), "could not be written"),
        (ValueError("Mia Sullivan K7QD-9M2X-HT4W"), "went wrong on our side"),
    ],
)
def test_a_failure_says_why_and_leaves_nothing(otto, worker, error, sentence):
    worker.works = fails(error)
    job = started(otto)

    worker.run_queued()

    assert seen(job).stage is JobStage.FAILED
    assert sentence in (job.failure or "")
    assert "K7QD" not in (job.failure or "")
    assert not folder_of(job).exists()


def test_what_a_job_stores_is_stored_with_its_end_or_not_at_all(otto, worker):
    def record() -> None:
        OutboxMessage.post(MessageKind.GUESSING_ALARM, to="grace@example.com", language="en")
        raise Refused("The rules say no.")

    job = started(otto)
    runs.run(job.id, {JobKind.LETTERS: Work(lambda _run: Result(record))})

    assert (seen(job).stage, job.failure) == (JobStage.FAILED, "The rules say no.")
    assert db.session.scalars(select(OutboxMessage)).all() == []


def test_a_job_without_a_file_is_done_and_leaves_no_folder(otto, worker):
    job = started(otto)
    runs.run(job.id, {JobKind.LETTERS: Work(lambda _run: Result(lambda: None))})

    assert seen(job).stage is JobStage.DONE
    assert not folder_of(job).exists()


def test_a_failed_job_is_tried_again_once(otto, worker):
    worker.works = fails(Refused("Not now."))
    job = started(otto)
    worker.run_queued()
    seen(job)

    with db.writing():
        again, twice = job.retry(by=otto), job.retry(by=otto)
    worker.works = writes()
    worker.run_queued()

    assert again is twice
    assert again is not job
    assert seen(again).stage is JobStage.READY


def test_a_running_job_is_not_tried_again(otto, worker):
    with pytest.raises(Refused), db.writing():
        started(otto).retry(by=otto)


def test_a_job_that_waits_is_cancelled_at_once(otto, worker):
    job = started(otto)

    with db.writing():
        assert job.ask_to_cancel()
    worker.works = writes()
    worker.run_queued()

    assert seen(job).stage is JobStage.CANCELLED
    assert job.tries == 0


def test_a_running_job_stops_when_it_is_cancelled(otto, worker):
    job, reached = started(otto), []

    def cancel(run: Run) -> None:
        with db.writing():
            db.session.get_one(Job, job.id).ask_to_cancel()
        run.report(run.total, run.total)
        reached.append("the end")

    worker.works = writes(then=cancel)
    worker.run_queued()

    assert seen(job).stage is JobStage.CANCELLED
    assert reached == []
    assert not folder_of(job).exists()


def test_cancelled_at_the_last_moment_is_cancelled(otto, worker):
    job = started(otto)

    def cancel(_run: Run) -> None:
        with db.writing():
            db.session.get_one(Job, job.id).ask_to_cancel()

    worker.works = writes(then=cancel)
    worker.run_queued()

    assert seen(job).stage is JobStage.CANCELLED


def test_what_is_over_cannot_be_cancelled(otto, worker):
    worker.works = writes()
    job = started(otto)
    worker.run_queued()

    with db.writing():
        assert not job.ask_to_cancel()
    assert job.stage is JobStage.READY


def test_the_file_is_wiped_after_an_hour(otto, worker, now):
    worker.works = writes()
    job = started(otto)
    worker.run_queued()
    now.shift(KEPT - timedelta(seconds=1))
    worker.sweep()
    assert seen(job).stage is JobStage.READY
    assert job.minutes_left == 1

    now.shift(timedelta(seconds=1))
    assert job.stage is JobStage.EXPIRED  # refused at once, however late the sweep is
    worker.sweep()

    assert not folder_of(job).exists()
    assert seen(job).wiped_at == clock.now()


def test_the_file_is_wiped_when_its_author_loses_the_right(otto, worker):
    worker.works = writes()
    job = started(otto)
    worker.run_queued()

    with db.writing():
        otto.closed_at = clock.now()
    assert not runs.is_available(job, worker.works)
    worker.sweep()

    assert not folder_of(job).exists()
    assert seen(job).stage is JobStage.EXPIRED
