"""Folders of the worker, below the portal's home: one of each job, and one of each uploaded roster.

Only the portal's own user can look into them. A folder is named after the public id of its row. `housekeeping` deletes
those that are not needed any more.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import ClassVar, NamedTuple, Self

from flask import current_app

from portal import clock
from portal.config import Settings
from portal.db.locks import locked

#: Progress is written at most this often.
EVERY = timedelta(milliseconds=300)


class Progress(NamedTuple):
    """How many steps of the work are done, of how many."""

    done: int
    all: int

    @property
    def percent(self) -> int:
        return min(self.done * 100 // max(self.all, 1), 100)


class Folder:
    """The folder of one row."""

    #: The name of the folder in which all of its kind lie.
    parent: ClassVar[str]

    def __init__(self, public_id: str) -> None:
        self.public_id = public_id
        self.path = self._parent() / public_id

    @classmethod
    def every(cls) -> Iterator[Self]:
        """Yield all folders of this kind."""
        return (cls(folder.name) for folder in cls._parent().glob("*") if folder.is_dir())

    def make(self, *inside: str) -> None:
        """Make the folder, and those inside it. Raises OSError when there is no room."""
        for folder in (self.path.parent, self.path, *(self.path / name for name in inside)):
            folder.mkdir(mode=0o700, exist_ok=True)

    def is_older_than(self, age: timedelta) -> bool:
        """Whether nothing was put into it or taken out of it for so long."""
        with suppress(FileNotFoundError):
            return self.path.stat().st_mtime < (clock.now() - age).timestamp()
        return False

    def discard(self) -> None:
        """Delete it, with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)

    @classmethod
    def _parent(cls) -> Path:
        settings: Settings = current_app.extensions["settings"]
        return settings.home / cls.parent


class JobFolder(Folder):
    """The folder of one job: who is at it, how far it has come, what is being made, and what came out."""

    parent = "jobs"

    def __init__(self, public_id: str) -> None:
        super().__init__(public_id)
        self._written_at = clock.now() - EVERY

    @contextmanager
    def locked(self) -> Iterator[bool]:
        """Lock the job while this is open. Yields False when another worker has it. Makes the folder if need be."""
        self.make()
        with locked(self.path / "lock") as is_ours:
            yield is_ours

    @property
    def progress(self) -> Progress | None:
        """How far the work is; None until its worker has said so."""
        written = self._read("progress")
        return Progress(*json.loads(written)) if written else None

    def note_progress(self, done: int, all: int) -> None:
        """Write how far the work is: into a file, because the database is busy with the work itself."""
        if clock.now() - self._written_at >= EVERY or done == all:
            self._written_at = clock.now()
            self._write("progress", json.dumps([done, all]))

    @property
    def product(self) -> Path:
        """The file that came out."""
        return self.path / "product"

    @property
    def notes(self) -> str:
        """The notes to read beside the file, a sentence a line."""
        return self._read("notes")

    @notes.setter
    def notes(self, notes: str) -> None:
        self._write("notes", notes)

    def fresh_draft(self) -> Path:
        """Return an empty folder to work in, without the files of an earlier try."""
        draft = self.path / "draft"
        shutil.rmtree(draft, ignore_errors=True)
        self.make("draft")
        return draft

    def keep(self, path: Path) -> None:
        """Give the file of a draft its name, once it is safely on the disk, and throw the rest of the draft away."""
        path.chmod(0o600)
        with path.open("rb") as file:
            os.fsync(file.fileno())
        path.replace(self.product)
        shutil.rmtree(self.path / "draft", ignore_errors=True)

    def _read(self, name: str) -> str:
        with suppress(OSError):
            return (self.path / name).read_text(encoding="utf-8")
        return ""

    def _write(self, name: str, text: str) -> None:
        """Write the file whole or not at all. A full disk must not stop the work."""
        draft = self.path / f".{name}"
        with suppress(OSError):
            draft.write_text(text, encoding="utf-8")
            draft.replace(self.path / name)
