"""Locks between threads and processes: one for writers on SQLite, and locks on files for work done by one at a time."""

import fcntl
import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

#: Seconds between two looks at a lock that another process holds, of somebody who waits for a limited time only.
LOOK_EVERY = 0.001


class Busy(Exception):
    """Other writers kept the lock for longer than the patience of whoever waited for it."""


class WriteLock:
    """The lock that each write transaction on SQLite holds, because SQLite's own waiting is unfair under load.

    Threads of this process get it in the order in which they asked. Other processes are kept out by a lock on a file
    beside the database, which the kernel releases when a process dies.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None
        self._reset()
        os.register_at_fork(after_in_child=self._reset)

    def _reset(self) -> None:
        """Start with no waiting thread and no open file, in a forked child as well, which must not use its parent's."""
        self._waiting: deque[threading.Lock] = deque()
        self._mutex = threading.Lock()
        if self._file is not None:
            os.close(self._file)
            self._file = None

    @contextmanager
    def held(self, patience: float | None = None) -> Iterator[None]:
        """Wait for the lock, at most `patience` seconds, and hold it during the block. Raises Busy after that time."""
        until = None if patience is None else monotonic() + patience
        turn = self._stand_in_line()
        try:
            if not turn.acquire(timeout=-1 if until is None else max(0, until - monotonic())):
                raise Busy
            with self._file_lock(until):
                yield
        finally:
            self._leave(turn)

    def _stand_in_line(self) -> threading.Lock:
        """Return what is released when it is this thread's turn."""
        turn = threading.Lock()
        with self._mutex:
            if self._waiting:
                turn.acquire()
            self._waiting.append(turn)
        return turn

    def _leave(self, turn: threading.Lock) -> None:
        with self._mutex:
            was_first = self._waiting[0] is turn
            self._waiting.remove(turn)
            if was_first and self._waiting:
                self._waiting[0].release()

    @contextmanager
    def _file_lock(self, until: float | None) -> Iterator[None]:
        if self._file is None:  # opened for reading, so that it can be locked on a read-only disk, too
            self._file = os.open(self._path, os.O_RDONLY | os.O_CREAT, 0o600)
        if until is None:
            fcntl.flock(self._file, fcntl.LOCK_EX)
        else:
            self._look_until(until)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def _look_until(self, until: float) -> None:
        """Take the lock on the file as soon as it is free. The kernel has no limit to waiting. Raises Busy."""
        while self._file is not None and not _take(self._file):
            if monotonic() >= until:
                raise Busy
            sleep(LOOK_EVERY)


@contextmanager
def locked(path: Path) -> Iterator[bool]:
    """Try to lock the file at `path` during the block, without waiting; create the file when it is missing.

    Yield whether the lock was taken: False when another process has it. The kernel releases it when a process dies.
    Raises FileNotFoundError when the folder does not exist.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _take(handle)
    finally:
        os.close(handle)


def _take(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
