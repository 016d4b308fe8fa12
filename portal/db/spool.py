"""What could not be written into an SQLite database at once, kept on the disk beside it until it can (decision 27)."""

import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from portal import clock

#: The endings of a file that waits, of one that is being written, and of one that the database refused.
WAITS, PART, REFUSED = ".json", ".part", ".refused"


class Spool:
    """A folder with a file for each time that somebody could not wait.

    A file is complete, and on the disk, before it bears the name under which it is found. It stays until the
    transaction is committed that holds its lines, and may be found once more if the process is killed just then:
    its name says whether its lines have been written already.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not self._files()

    def keep(self, lines: list[dict[str, Any]]) -> None:
        """Store the lines together; they are on the disk when this returns. Raises OSError when that fails."""
        if not self._folder.exists():
            self._folder.mkdir(mode=0o700, exist_ok=True)
            _sync(self._folder.parent)
        # In the order in which they came; chance keeps apart those of the same moment.
        name = f"{clock.now():%Y%m%dT%H%M%S%f}-{secrets.token_hex(8)}"
        part = self._folder / (name + PART)
        try:
            _write_through(part, json.dumps(lines).encode())
            part.rename(self._folder / (name + WAITS))
        except OSError:
            part.unlink(missing_ok=True)
            raise
        _sync(self._folder)

    def waiting(self) -> Iterator[tuple[str, bytes]]:
        """Yield what waits, the earliest first: the name that it was given, which is never given again, and its text.

        The text is JSON, unless the disk has damaged it.
        """
        for file in self._files():
            if file.exists():  # else whoever wrote its lines has just discarded it
                yield file.stem, file.read_bytes()

    def discard(self, name: str) -> None:
        """Delete what has been written into the database."""
        (self._folder / (name + WAITS)).unlink(missing_ok=True)

    def set_aside(self, name: str) -> None:
        """Keep, for whoever runs the server, what the database refuses; it does not wait any more."""
        (self._folder / (name + WAITS)).replace(self._folder / (name + REFUSED))

    def _files(self) -> list[Path]:
        try:
            return sorted(file for file in self._folder.iterdir() if file.suffix == WAITS)
        except FileNotFoundError:
            return []


def _write_through(file: Path, content: bytes) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(handle)


def _sync(folder: Path) -> None:
    """Let the names of the files in the folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
