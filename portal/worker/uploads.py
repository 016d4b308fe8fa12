"""Rosters that people send: the file is kept from its arrival until it is applied, refused or a day old."""

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import IO

from werkzeug.utils import secure_filename

from portal.db import Refused
from portal.models.rows import new_public_id
from portal.text.language import gettext as _
from portal.worker.folders import Folder


class Upload(Folder):
    """The folder of one roster import, with the file that was sent."""

    parent = "uploads"

    def keep(self, file: IO[bytes], *, name: str) -> None:
        """Store what was sent. Raises Refused when there is no room for it."""
        try:
            self.make("file")
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


def receive(file: IO[bytes], *, name: str) -> str:
    """Store a file that was sent, and return its public id. Raises Refused when there is no room for it."""
    public_id = new_public_id()
    Upload(public_id).keep(file, name=name)
    return public_id
