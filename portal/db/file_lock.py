"""Locks on files, for work that one process does at a time. Apart, because mail and the worker both take them."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path) -> Iterator[bool]:
    """Lock the file at `path`, made when it is not there, without waiting.

    Yields False when another process has it. A dying process lets go of its lock.
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
