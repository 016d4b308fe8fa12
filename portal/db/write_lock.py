"""One writer at a time, first come first served: SQLite's own waiting is unfair under load."""

import fcntl
import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class WriteLock:
    """Held round each write transaction on SQLite.

    Threads of this process are served in the order they came; other processes are kept out
    by a lock on a file beside the database. The kernel drops that lock when a process dies.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None
        self._begin_anew()
        os.register_at_fork(after_in_child=self._begin_anew)

    def _begin_anew(self) -> None:
        """In a forked child nobody waits yet, and its parent's hold on the file must not be its own."""
        self._waiting: deque[threading.Lock] = deque()
        self._door = threading.Lock()
        if self._file is not None:
            os.close(self._file)
            self._file = None

    @contextmanager
    def held(self) -> Iterator[None]:
        turn = self._take_turn()
        try:
            with self._file_lock():
                yield
        finally:
            self._pass_on(turn)

    def _take_turn(self) -> threading.Lock:
        turn = threading.Lock()
        turn.acquire()
        with self._door:
            self._waiting.append(turn)
            if self._waiting[0] is turn:
                turn.release()
        turn.acquire()
        return turn

    def _pass_on(self, turn: threading.Lock) -> None:
        with self._door:
            self._waiting.remove(turn)
            if self._waiting:
                self._waiting[0].release()

    @contextmanager
    def _file_lock(self) -> Iterator[None]:
        if self._file is None:  # for reading only: a disk that became read-only can still be locked
            self._file = os.open(self._path, os.O_RDONLY | os.O_CREAT, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)
