"""Preview a roster, or apply it. The operator's commands and the worker call these two functions."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from sqlalchemy import text

from portal import clock, db
from portal.models import Event, EventKind
from portal.roster.archive import opened
from portal.roster.comparison import Comparison
from portal.roster.counts import Counts
from portal.roster.diff import compare
from portal.roster.importer import Importer
from portal.roster.problems import Problem, Problems
from portal.roster.writes import BulkWrites, NoWrites, Writes

#: Called with how many bytes have been read, and how many there are in all.
Progress = Callable[[int, int], None]

#: After so many changed rows the database updates the statistics of its query planner.
LARGE = 1_000


def ignore_progress(_done: int, _total: int) -> None:
    """Do nothing: the progress of an import that nobody follows."""


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What a preview or an import found."""

    #: How many rows are new, changed, gone and rejected, by kind.
    counts: dict[str, dict[str, int]]
    #: A few names for each of these counts.
    samples: dict[str, dict[str, list[str]]]
    #: How many lines were rejected and how many remarks were made, for each file that has any.
    files: dict[str, dict[str, int]]
    #: The first problems of each kind, in the order of the files.
    problems: list[Problem]
    #: How many further problems were counted only.
    problems_left_out: int
    #: How many rows differ from what is stored; 0 when applying would change nothing.
    changes: int
    #: Why the roster is not applied without the override; None when it can be applied.
    refusal: str | None

    @classmethod
    def of(cls, comparison: Comparison, problems: Problems) -> Self:
        """Summarise a finished comparison."""
        counts = comparison.counts
        return cls(
            counts.as_table(), counts.samples_as_table(), problems.by_file(), problems.kept,
            problems.left_out, counts.changes, comparison.refusal,
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Return the outcome as dictionaries, lists, texts and numbers."""
        return asdict(self) | {"problems": [problem._asdict() for problem in self.problems]}


class Preview(ImportOutcome):
    """What applying the roster would do now."""


class ImportSummary(ImportOutcome):
    """What applying the roster did."""


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
    with db.writing():
        _wait_for_other_imports()
        comparison, problems = _compared(
            path, importer.renewed(), BulkWrites(), override=override, progress=progress
        )
        summary = ImportSummary.of(comparison, problems)
        Event.record(EventKind.ROSTER_APPLIED, by=importer.account, counts=summary.counts)
        if summary.changes > LARGE:
            _update_statistics()
    return summary


def _compared(
    path: Path, importer: Importer, writes: Writes, *, override: bool, progress: Progress
) -> tuple[Comparison, Problems]:
    problems = Problems()
    comparison = Comparison(
        importer, writes, Counts(), clock.now(), override=override, is_preview=isinstance(writes, NoWrites)
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
