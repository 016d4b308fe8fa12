"""Rosters that people send: where the file is kept until it is applied, and how far the work on it is."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import IO, NamedTuple

from flask import current_app, request
from flask_login import current_user
from werkzeug.utils import secure_filename

from portal import clock
from portal.config import Settings
from portal.db import Refused
from portal.language import gettext as _
from portal.models.identity import new_public_id
from portal.permissions import Permission

#: How long a roster that nobody applies is kept.
KEPT = timedelta(days=1)
#: Progress is written down at most this often.
EVERY = timedelta(milliseconds=300)


class Progress(NamedTuple):
    """How many bytes of the file were read, of how many."""

    done: int
    all: int

    @property
    def percent(self) -> int:
        return self.done * 100 // max(self.all, 1)


class Upload:
    """The folder of one roster import; only the portal's own user can look into it."""

    def __init__(self, public_id: str) -> None:
        settings: Settings = current_app.extensions["settings"]
        self.folder = settings.home / "uploads" / public_id
        self._written_at = clock.now() - EVERY

    def keep(self, file: IO[bytes], *, name: str) -> None:
        """Store what was sent. Raises Refused when there is no room for it."""
        try:
            for folder in (self.folder.parent, self.folder, self.folder / "file"):
                folder.mkdir(mode=0o700, exist_ok=True)
            path = self.folder / "file" / (secure_filename(name)[-80:] or "roster")
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as kept:
                shutil.copyfileobj(file, kept, 1 << 20)
                kept.flush()
                os.fsync(kept.fileno())
        except OSError:
            self.discard()
            raise Refused(_("The file could not be stored: the disk of the server may be full.")) from None

    @property
    def path(self) -> Path:
        """The file, under its own name. Raises Refused when it is gone."""
        with suppress(StopIteration, OSError):
            return next((self.folder / "file").iterdir())
        raise Refused(_("The uploaded file is not here any more. Please upload it again."))

    @contextmanager
    def held(self) -> Iterator[bool]:
        """True when nobody else works on it; a lock that a dying process lets go of."""
        try:
            handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except FileNotFoundError:
            yield True  # without a file there is nothing to guard; whoever works on it will find out
            return
        try:
            yield _locks(handle)
        finally:
            os.close(handle)

    def count_try(self) -> int:
        """How often the work was begun, this time included."""
        tries = int(self._read("tries") or 0) + 1
        self._write("tries", str(tries))
        return tries

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
        shutil.rmtree(self.folder, ignore_errors=True)

    def _read(self, name: str) -> str:
        with suppress(OSError):
            return (self.folder / name).read_text(encoding="utf-8")
        return ""

    def _write(self, name: str, text: str) -> None:
        """Whole or not at all; a full disk must not stop the work."""
        draft = self.folder / f".{name}"
        with suppress(OSError):
            draft.write_text(text, encoding="utf-8")
            draft.replace(self.folder / name)


def receive(file: IO[bytes], *, name: str) -> str:
    """Store a file that was sent; its public id. Raises Refused when there is no room for it."""
    public_id = new_public_id()
    Upload(public_id).keep(file, name=name)
    return public_id


def all_kept() -> list[tuple[Upload, bool]]:
    """Every upload, and whether it has been here for longer than it is kept."""
    settings: Settings = current_app.extensions["settings"]
    folders = [folder for folder in (settings.home / "uploads").glob("*") if folder.is_dir()]
    oldest = (clock.now() - KEPT).timestamp()
    return [(Upload(folder.name), folder.stat().st_mtime < oldest) for folder in folders]


def widen_limit() -> None:
    """Let those who may import rosters send a large file; for everybody else requests stay small."""
    sign_in = current_user
    if (
        request.method == "POST"
        and sign_in.is_authenticated
        and sign_in.account.may(Permission.IMPORT_ROSTER)
    ):
        settings: Settings = current_app.extensions["settings"]
        request.max_content_length = settings.largest_upload


def _locks(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
