"""The write-ahead log of an SQLite database, brought onto the disk while the next writer is at work (decision 35)."""

import os
from pathlib import Path

#: As SQLite does: what is needed to read the log again, but not the time at which it was changed.
_sync = getattr(os, "fdatasync", os.fsync)


class SyncedLog:
    """The file to which a commit has written.

    The disk is the slow part of a commit. A writer who waited for it inside the write lock would let everybody wait;
    outside, one look at the disk serves all who have committed by then.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def sync(self) -> None:
        """Return when everything committed by now is on the disk. Raises OSError when the disk fails.

        SQLite has synced what stood in a log that is gone, or has begun anew, before it wrote it into the database.
        """
        try:
            handle = os.open(self._file, os.O_RDONLY)
        except FileNotFoundError:
            return
        try:
            _sync(handle)
        finally:
            os.close(handle)
