"""Work after the response: left behind with the commit, done by the worker, found again when lost."""

import sqlite3
import threading
from email.message import EmailMessage

import pytest

from portal import db
from portal.db import Refused
from portal.mail.conversation import HandOver
from portal.mail.sender import MemorySender
from portal.models import MessageKind, OutboxMessage
from portal.worker import jobs
from tests.working import worker

__all__ = ["worker"]  # a fixture


def sent(worker: jobs.Jobs) -> list[str]:
    assert isinstance(worker.sender, MemorySender)
    return [str(mail["To"]) for mail in worker.sender.sent]


def post(to: str = "grace@example.com") -> OutboxMessage:
    return OutboxMessage.post(MessageKind.GUESSING_ALARM, to=to, language="en")


def test_a_message_goes_out_once_it_is_stored(worker: jobs.Jobs):
    with db.writing():
        post()
        worker.run_queued()
        assert sent(worker) == []

    worker.run_queued()
    assert sent(worker) == ["grace@example.com"]


def test_what_is_rolled_back_is_never_sent(worker: jobs.Jobs):
    def post_and_fail() -> None:
        with db.writing():
            post()
            raise Refused("The rules say no.")

    with pytest.raises(Refused):
        post_and_fail()

    worker.run_queued()
    worker.sweep()
    assert sent(worker) == []


def test_a_lost_queue_loses_no_mail(worker: jobs.Jobs):
    with db.writing():
        post()
    worker.clear()

    worker.sweep()

    assert sent(worker) == ["grace@example.com"]


def test_announced_and_swept_a_message_still_goes_out_once(worker: jobs.Jobs):
    with db.writing():
        post()

    worker.sweep()
    worker.run_queued()

    assert sent(worker) == ["grace@example.com"]


def test_a_queue_that_cannot_be_written_stops_nobody(worker: jobs.Jobs, monkeypatch: pytest.MonkeyPatch):
    def full(*_args: object, **_kwargs: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(worker._queue.storage, "enqueue", full)
        with db.writing():
            post()

    worker.sweep()
    assert sent(worker) == ["grace@example.com"]


def test_a_message_that_is_gone_is_no_trouble(worker: jobs.Jobs):
    worker.deliver_mail(4711)

    worker.run_queued()

    assert sent(worker) == []


def test_a_running_worker_takes_up_what_is_left_for_it(worker: jobs.Jobs):
    sender = worker.sender = _Signalling()
    consumer = worker.consumer()
    consumer.start()
    try:
        with db.writing():
            post()
        assert sender.has_sent.wait(timeout=10)
    finally:
        consumer.stop(graceful=True)


class _Signalling(MemorySender):
    def __init__(self) -> None:
        super().__init__()
        self.has_sent = threading.Event()

    def send(self, mail: EmailMessage, *, hand_over: HandOver) -> None:
        super().send(mail, hand_over=hand_over)
        self.has_sent.set()
