"""The folder of one piece of work: who is at it, how far it has come, and what lies there until it is done."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from portal import clock
from portal.db.file_lock import locked

#: Progress is written down at most this often.
EVERY = timedelta(milliseconds=300)


class Progress(NamedTuple):
    """How much is done, of how much."""

    done: int
    all: int

    @property
    def percent(self) -> int:
        return min(self.done * 100 // max(self.all, 1), 100)


class WorkFolder:
    """One folder; only the portal's own user can look into it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder
        self._written_at = clock.now() - EVERY

    def set_up(self, *inside: str) -> None:
        """Make the folder, and those inside it. Raises OSError when there is no room."""
        for folder in (self.path.parent, self.path, *(self.path / name for name in inside)):
            folder.mkdir(mode=0o700, exist_ok=True)

    @contextmanager
    def locked(self) -> Iterator[bool]:
        """True when nobody else works on it; a lock that a dying process lets go of."""
        if not self.path.is_dir():
            yield True  # without a folder there is nothing to guard; whoever works on it will find out
            return
        with locked(self.path / "lock") as is_ours:
            yield is_ours

    @property
    def progress(self) -> Progress | None:
        written = self._read("progress")
        return Progress(*json.loads(written)) if written else None

    def report(self, done: int, all: int) -> None:
        """Write down how far the work is: in a file, because the database is busy with it."""
        if clock.now() - self._written_at >= EVERY or done == all:
            self._written_at = clock.now()
            self._write("progress", json.dumps([done, all]))

    def discard(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)

    def _read(self, name: str) -> str:
        with suppress(OSError):
            return (self.path / name).read_text(encoding="utf-8")
        return ""

    def _write(self, name: str, text: str) -> None:
        """Whole or not at all; a full disk must not stop the work."""
        draft = self.path / f".{name}"
        with suppress(OSError):
            draft.write_text(text, encoding="utf-8")
            draft.replace(self.path / name)
