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
        self._waiting: deque[threading.Lock] = deque()
        self._door = threading.Lock()
        self._file: int | None = None
        self._process = 0

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
        if self._file is None or self._process != os.getpid():  # a forked child would share our lock
            self._file, self._process = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600), os.getpid()
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)
