"""The threads of a web worker: each lane has its own, and refuses when too many wait (decision 26)."""

from typing import NamedTuple

from waitress.task import ThreadedTaskDispatcher

from portal.server.connection import Connection
from portal.web.lanes import Lane


class _Size(NamedTuple):
    """How many threads a lane has, and how many requests may wait for them."""

    threads: int
    waiting: int


class Lanes:
    """Hands each request to the threads of its lane."""

    def __init__(self, threads: int) -> None:
        self._threads = {lane: _started(size.threads) for lane, size in _sizes(threads).items()}
        self.waiting = {lane: size.waiting for lane, size in _sizes(threads).items()}

    @property
    def are_busy(self) -> bool:
        """Whether pages wait for a thread."""
        return bool(self._threads[Lane.PAGES].queue)

    def add_task(self, connection: Connection) -> None:
        """Let the request of this connection be answered, or refused when too many of its kind wait."""
        request = connection.requests[0]
        if len(self._threads[request.lane].queue) >= self.waiting[request.lane]:
            request.refuse(503)
        self._threads[Lane.REFUSALS if request.error else request.lane].add_task(connection)

    def end(self) -> None:
        """Let every thread end when it has done what it is at."""
        for each in self._threads.values():
            each.set_thread_count(0)


def _sizes(threads: int) -> dict[Lane, _Size]:
    """Return the sizes, for so many threads for pages. What waits longest waits for some seconds."""
    return {
        Lane.PAGES: _Size(threads, 200),
        Lane.ACTS: _Size(threads, 100),
        Lane.PASSWORDS: _Size(max(threads // 2, 1), 64),
        Lane.DOCUMENTS: _Size(1, 8),
        Lane.UPLOADS: _Size(1, 8),
        Lane.HEALTH: _Size(1, 64),
        Lane.REFUSALS: _Size(1, 1000),
    }


def _started(threads: int) -> ThreadedTaskDispatcher:
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.set_thread_count(threads)
    return dispatcher
