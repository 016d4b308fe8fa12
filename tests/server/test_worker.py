"""The worker as a child of the tree: told to end, it finishes what it is at."""

import threading

from flask import Flask

from portal.server import process_types
from portal.worker import jobs


class Child:
    """A child that is told to end as soon as the work has begun; the work may end once the child waits for it."""

    def __init__(self) -> None:
        self.has_begun, self.may_end = threading.Event(), threading.Event()
        self.has_ended = False

    @property
    def alive(self) -> bool:
        return not self.has_begun.is_set()

    def wait(self, seconds: float) -> None:
        if self.has_begun.wait(seconds):
            self.may_end.set()

    def work(self) -> None:
        self.has_begun.set()
        self.may_end.wait()
        self.has_ended = True


def test_it_finishes_what_it_is_at(app: Flask):
    child = Child()
    jobs.of(app).clear()
    jobs.of(app)._task("long", child.work)()

    process_types.worker(app).work(child)

    assert child.has_ended
