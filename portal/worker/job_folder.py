"""The folder of one job: what is being made in it, and what came out."""

import os
from pathlib import Path

from flask import current_app

from portal import clock
from portal.config import Settings
from portal.models import Job
from portal.models.jobs.job import KEPT
from portal.worker.folders import WorkFolder


class JobFolder(WorkFolder):
    """The folder of one job."""

    def __init__(self, public_id: str) -> None:
        settings: Settings = current_app.extensions["settings"]
        super().__init__(settings.home / "jobs" / public_id)

    @property
    def product(self) -> Path:
        return self.path / "product"

    @property
    def notes(self) -> str:
        return self._read("notes")

    @notes.setter
    def notes(self, notes: str) -> None:
        self._write("notes", notes)

    def fresh_draft(self) -> Path:
        """An empty folder: nothing of an earlier try is left in it."""
        draft = WorkFolder(self.path / "draft")
        draft.discard()
        draft.set_up()
        return draft.path

    def keep(self, path: Path) -> None:
        """Have what came out under its one name, safely on the disk."""
        path.chmod(0o600)
        with path.open("rb") as file:
            os.fsync(file.fileno())
        path.replace(self.product)
        WorkFolder(self.path / "draft").discard()


def discard_what_nobody_knows() -> None:
    """Folders of prints that were sent at once, where the web server died meanwhile."""
    oldest = (clock.now() - KEPT).timestamp()
    for folder in JobFolder("").path.glob("*"):
        if folder.stat().st_mtime < oldest and not Job.is_known(folder.name):
            JobFolder(folder.name).discard()
