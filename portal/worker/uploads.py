"""Rosters that people send: where the file is kept until it is applied, and how far the work on it is."""

import os
import shutil
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import IO

from flask import current_app, request
from flask_login import current_user
from werkzeug.utils import secure_filename

from portal import clock
from portal.config import Settings
from portal.db import Refused
from portal.models.rows import new_public_id
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.worker.folders import WorkFolder

#: How long a roster that nobody applies is kept.
KEPT = timedelta(days=1)


class Upload(WorkFolder):
    """The folder of one roster import."""

    def __init__(self, public_id: str) -> None:
        settings: Settings = current_app.extensions["settings"]
        super().__init__(settings.home / "uploads" / public_id)

    def keep(self, file: IO[bytes], *, name: str) -> None:
        """Store what was sent. Raises Refused when there is no room for it."""
        try:
            self.set_up("file")
            path = self.path / "file" / (secure_filename(name)[-80:] or "roster")
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as kept:
                shutil.copyfileobj(file, kept, 1 << 20)
                kept.flush()
                os.fsync(kept.fileno())
        except OSError:
            self.discard()
            raise Refused(_("The file could not be stored: the disk of the server may be full.")) from None

    @property
    def file(self) -> Path:
        """The file, under its own name. Raises Refused when it is gone."""
        with suppress(StopIteration, OSError):
            return next((self.path / "file").iterdir())
        raise Refused(_("The uploaded file is not here any more. Please upload it again."))

    def count_try(self) -> int:
        """How often the work was begun, this time included."""
        tries = int(self._read("tries") or 0) + 1
        self._write("tries", str(tries))
        return tries


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
