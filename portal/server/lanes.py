"""The threads of a web worker: each lane has its own, and refuses when too many wait (decision 29)."""

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from waitress.task import ThreadedTaskDispatcher

from portal.server.connection import Connection
from portal.web.lanes import Lane

#: The niceness of threads whose work takes long, so that the kernel lets pages go first.
NICENESS = 10


class _Size(NamedTuple):
    """How many threads a lane has, how many requests may wait for them, and whether their work takes long."""

    threads: int
    waiting: int
    takes_long: bool = False


class Lanes:
    """Hands each request to the threads of its lane."""

    def __init__(self, threads: int) -> None:
        sizes = _sizes(threads)
        self._threads = {lane: _Threads(size) for lane, size in sizes.items()}
        self.waiting = {lane: size.waiting for lane, size in sizes.items()}

    def add_task(self, connection: Connection) -> None:
        """Let the request of this connection be answered, or refused when too many of its kind wait."""
        request = connection.requests[0]
        if not request.error and len(self._threads[request.lane].queue) >= self.waiting[request.lane]:
            request.refuse(503)
        self._threads[Lane.REFUSALS if request.error else request.lane].add_task(connection)

    def end(self) -> None:
        """Let every thread end when it has done what it is at."""
        for each in self._threads.values():
            each.set_thread_count(0)


class _Threads(ThreadedTaskDispatcher):
    """The threads of one lane, with their queue."""

    def __init__(self, size: _Size) -> None:
        super().__init__()
        self._niceness = NICENESS if size.takes_long else 0
        self.set_thread_count(size.threads)

    def start_new_thread(self, target: Callable[[int], None], thread_no: int) -> None:
        """Start a thread; on Linux, each has a niceness of its own."""

        def run(number: int) -> None:
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), self._niceness)
            target(number)

        super().start_new_thread(run, thread_no)


def _sizes(threads: int) -> dict[Lane, _Size]:
    """Return the sizes, for so many threads for pages. What waits longest waits for some seconds."""
    return {
        Lane.PAGES: _Size(threads, 200),
        Lane.ACTS: _Size(threads, 100),
        Lane.PASSWORDS: _Size(max(threads // 2, 1), 64, takes_long=True),
        Lane.DOCUMENTS: _Size(2, 16, takes_long=True),
        Lane.PREVIEWS: _Size(1, 4, takes_long=True),
        Lane.UPLOADS: _Size(1, 8, takes_long=True),
        Lane.HEALTH: _Size(1, 64),
        Lane.REFUSALS: _Size(1, 1000),
    }
