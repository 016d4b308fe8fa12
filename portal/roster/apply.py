"""Preview a roster, or apply it. The operator's commands and the worker call these two functions."""

import gc
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from sqlalchemy import func, select, text

from portal import clock, db
from portal.models import Event, EventKind
from portal.roster.archive import opened
from portal.roster.comparison import Comparison
from portal.roster.counts import Counts
from portal.roster.diff import compare
from portal.roster.importer import Importer
from portal.roster.outcome import ImportSummary, Preview
from portal.roster.problems import Problems
from portal.roster.writes import NoWrites, StagedWrites, Writes

#: Called with how many bytes have been read, and how many there are in all.
Progress = Callable[[int, int], None]

#: After so many changed rows the database updates the statistics of its query planner.
LARGE = 1_000


def ignore_progress(_done: int, _total: int) -> None:
    """Do nothing: the progress of an import that nobody follows."""


def preview(path: Path, importer: Importer, *, progress: Progress = ignore_progress) -> Preview:
    """Return what applying the roster at `path` would do, and write nothing.

    Raises NotARoster when it cannot be read as a roster.
    """
    return Preview.of(*_compared(path, importer, NoWrites(), override=False, progress=progress))


def apply(
    path: Path, importer: Importer, *, override: bool = False, progress: Progress = ignore_progress
) -> ImportSummary:
    """Change what is stored to agree with the roster at `path`, in one transaction (rule B4).

    Raises NotARoster when it cannot be read as a roster. Raises Refused when more than a tenth of the students
    or of the staff are missing from a complete file; with `override` they count as gone.
    """
    with closing(StagedRoster(path, importer, override=override, progress=progress)) as roster, db.writing():
        return roster.write()


class StagedRoster:
    """A roster that has been compared with what is stored, and is ready to be written.

    Make it outside a write transaction, in which nobody else can write on SQLite: all that takes long is done then.
    """

    def __init__(
        self, path: Path, importer: Importer, *, override: bool = False, progress: Progress = ignore_progress
    ) -> None:
        """Read the roster and compare it. Raises as `apply`."""
        self._importer = importer
        self._compare = partial(_compared, path, override=override, progress=progress)
        db.see_anew()
        self._stage()

    def write(self) -> ImportSummary:
        """Write what differs, in the open transaction. Compare anew, if anybody has changed what was compared with.

        Raises as `apply`.
        """
        _wait_for_other_imports()
        if not self._is_current():
            self.close()
            self._stage()
        self._writes.write()
        summary = ImportSummary.of(self._comparison, self._problems)
        Event.record(EventKind.ROSTER_APPLIED, by=self._importer.account, counts=summary.counts)
        if summary.changes > LARGE:
            _update_statistics()
        return summary

    def close(self) -> None:
        """Forget what was to be written, once it has been or never will be."""
        self._writes.close()

    def _stage(self) -> None:
        self._last_import = db.session.scalar(_LAST_IMPORT)
        self._writes = StagedWrites()
        self._comparison, self._problems = self._compare(self._importer.renewed(), self._writes)

    def _is_current(self) -> bool:
        """Whether no other import has been applied, and others have changed nothing that matters."""
        return (
            db.session.scalar(_LAST_IMPORT) == self._last_import
            and self._importer.renewed() == self._comparison.importer
            and self._comparison.is_current()
        )


def _compared(
    path: Path, importer: Importer, writes: Writes, *, override: bool, progress: Progress
) -> tuple[Comparison, Problems]:
    problems = Problems()
    comparison = Comparison(
        importer,
        writes,
        Counts(),
        clock.now(),
        override=override,
        is_preview=not isinstance(writes, StagedWrites),
    )
    with opened(path) as sources, _garbage_collection_off():
        total = sum(source.size for source in sources.values())
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            done = min(done + count, total)
            progress(done, total)

        compare(sources, comparison, problems, advance)
    progress(total, total)
    return comparison, problems


@contextmanager
def _garbage_collection_off() -> Iterator[None]:
    """Switch the garbage collector off: an import makes many objects but no cycles. It took a tenth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _wait_for_other_imports() -> None:
    """Wait until no other import runs. On SQLite the write lock sees to that already."""
    if db.session.connection().dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(hashtext('roster import'))"))


def _update_statistics() -> None:
    if db.session.connection().dialect.name == "sqlite":
        db.session.execute(text("PRAGMA analysis_limit=1000"))
    db.session.execute(text("ANALYZE"))


#: Everything that only imports write is as it was while this is.
_LAST_IMPORT = select(func.max(Event.id)).where(Event.kind == EventKind.ROSTER_APPLIED.value)
