"""Locks between threads and processes: one for writers on SQLite, and locks on files for work done by one at a time."""

import fcntl
import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
    def held(self) -> Iterator[None]:
        """Wait for the lock, and hold it during the block."""
        turn = self._take_turn()
        try:
            with self._file_lock():
                yield
        finally:
            self._pass_turn(turn)

    def _take_turn(self) -> threading.Lock:
        turn = threading.Lock()
        turn.acquire()
        with self._mutex:
            self._waiting.append(turn)
            if self._waiting[0] is turn:
                turn.release()
        turn.acquire()
        return turn

    def _pass_turn(self, turn: threading.Lock) -> None:
        with self._mutex:
            self._waiting.remove(turn)
            if self._waiting:
                self._waiting[0].release()

    @contextmanager
    def _file_lock(self) -> Iterator[None]:
        if self._file is None:  # opened for reading, so that it can be locked on a read-only disk, too
            self._file = os.open(self._path, os.O_RDONLY | os.O_CREAT, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)


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
