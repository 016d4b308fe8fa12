"""A worker for tests: what waits for it is done when the test says so, by works that the test chooses."""

from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal import db
from portal.config import Settings
from portal.documents.bulk import PrintedLetters
from portal.mail.sender import MemorySender
from portal.models import Account, Batch, Job, JobKind, MessageKind, OutboxMessage, Student
from portal.roster.apply import StagedRoster
from portal.worker import jobs, letters, runs
from portal.worker.folders import JobFolder
from portal.worker.runs import Result, Run, Work
from tests.db.racing import application


@pytest.fixture
def worker(app: Flask) -> Iterator[jobs.Jobs]:
    """The queue, empty at the beginning, with mail kept in memory."""
    worker = jobs.of(app)
    worker.clear()
    usual = worker.sender, worker.works
    worker.sender = MemorySender()
    yield worker
    worker.sender, worker.works = usual


def writes(text: str = "a letter", *, then: Callable[[Run], object] = lambda run: None) -> Any:
    """Work that writes a small file, then does what the test wants to happen at that moment."""

    def make(run: Run) -> Result:
        path: Path = run.draft / "letters.pdf"
        path.write_text(text)
        run.report(1, run.total)
        then(run)
        summary = {"letters": run.total, "covers": 1, "files": 1}
        return Result(lambda: None, summary, path, "letters.pdf")

    return {JobKind.LETTERS: Work(make, lambda job, account: account.closed_at is None)}


def fails(error: BaseException) -> Any:
    """Work in the middle of which that happens."""

    def act(run: Run) -> None:
        raise error

    return writes(then=act)


def started(by: Account, *, students: int = 3) -> Job:
    with db.writing():
        return Job.start(JobKind.LETTERS, by=by, arguments={"students": [*range(students)]}, total=students)


def done(by: Account, works: Any, *, students: int = 28) -> Job:
    """A job whose work has come to its end."""
    job = started(by, students=students)
    runs.run(job.id, works)
    return seen(job)


def cancelled(by: Account) -> Job:
    job = started(by, students=5)
    with db.writing():
        job.ask_to_cancel()
    return job


def lost_mail(about: Student) -> OutboxMessage:
    """Login instructions during which the line broke off."""
    with db.writing():
        mail = OutboxMessage.post(
            MessageKind.LOGIN_INSTRUCTIONS, to="grace@example.com", language="en", student_id=about.id
        )
        mail.hand_over()
        mail.leave_in_doubt("The connection to the mail server broke off (SMTPServerDisconnected).")
    return mail


def lose_one_of(batch: Batch) -> None:
    """One of its emails is refused."""
    with db.writing():
        mail = db.session.scalars(select(OutboxMessage).filter_by(batch_id=batch.id).limit(1)).one()
        mail.give_up("This address was refused (550 5.1.1).")


def folder_of(job: Job) -> Path:
    return JobFolder(job.public_id).path


def seen(job: Job) -> Job:
    """As it is now, whoever changed it."""
    db.session.rollback()
    db.session.refresh(job)
    return job


def apply_and_wait(settings: Settings, job_id: int, line: Connection) -> None:
    """A worker that has changed what a roster says and does not come to the commit."""
    write = StagedRoster.write

    def wait(*args: Any, **kwargs: Any) -> None:
        write(*args, **kwargs)
        line.send("changed")
        line.recv()

    with application(settings).app_context():
        StagedRoster.write = wait  # type: ignore[assignment,method-assign]
        runs.run(job_id, jobs.WORKS)


def print_and_wait(settings: Settings, job_id: int, line: Connection) -> None:
    """A worker that has written its pages and does not come to the end."""

    def wait(_printed: PrintedLetters) -> None:
        line.send("printed")
        line.recv()

    with application(settings).app_context():
        letters._file = wait
        runs.run(job_id, jobs.WORKS)
