"""Previewing a roster, and applying it: the two things the shell and the browser ask for."""

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

#: Told how much is done, of how much in all.
Progress = Callable[[int, int], None]

#: From here on the database should look again at how its rows are spread.
LARGE = 1_000


def unheard(_done: int, _total: int) -> None:
    """For imports whose progress nobody follows."""


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What was found. All of it can be written as JSON with `as_json`."""

    #: For each kind that was met, how many are new, changed, gone, rejected.
    counts: dict[str, dict[str, int]]
    #: A few names for each of these.
    samples: dict[str, dict[str, list[str]]]
    #: For each file that has any, how many lines were rejected and how many remarks were made.
    files: dict[str, dict[str, int]]
    #: The first problems of each kind, in the order in which they were met.
    problems: list[Problem]
    #: How many more there were.
    problems_left_out: int
    #: How many rows differ from what is stored; 0 when applying would change nothing at all.
    changes: int
    #: Why the roster will not be applied without the override; None when nothing speaks against it.
    refusal: str | None

    @classmethod
    def of(cls, comparison: Comparison, problems: Problems) -> Self:
        counts = comparison.counts
        return cls(
            counts.as_table(), counts.samples_as_table(), problems.by_file(), problems.kept,
            problems.left_out, counts.changes, comparison.refusal,
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Plain dictionaries, lists, words and numbers."""
        return asdict(self) | {"problems": [problem._asdict() for problem in self.problems]}


class Preview(ImportOutcome):
    """What applying the roster now would do."""


class Summary(ImportOutcome):
    """What applying the roster did."""


def preview(path: Path, importer: Importer, *, progress: Progress = unheard) -> Preview:
    """Say what applying the roster at `path` would do; nothing is written. Raises NotARoster."""
    return Preview.of(*_compared(path, importer, NoWrites(), override=False, progress=progress))


def apply(path: Path, importer: Importer, *, override: bool = False, progress: Progress = unheard) -> Summary:
    """Make what is stored agree with the roster at `path`, in one transaction: all of it or nothing.

    Raises NotARoster, and Refused when a complete file would take away more than a tenth of the students or
    staff and `override` does not say that this is meant.
    """
    with db.writing():
        _wait_for_other_imports()
        comparison, problems = _compared(
            path, importer.renewed(), BulkWrites(), override=override, progress=progress
        )
        summary = Summary.of(comparison, problems)
        Event.record(EventKind.ROSTER_APPLIED, by=importer.account, counts=summary.counts)
        if summary.changes > LARGE:
            _look_again()
    return summary


def _compared(
    path: Path, importer: Importer, writes: Writes, *, override: bool, progress: Progress
) -> tuple[Comparison, Problems]:
    problems = Problems()
    comparison = Comparison(
        importer, writes, Counts(), clock.now(), override=override, is_preview=isinstance(writes, NoWrites)
    )
    with opened(path) as sources, _without_looking_for_cycles():
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
def _without_looking_for_cycles() -> Iterator[None]:
    """Hundreds of thousands of tuples make none, and looking for them took a tenth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _wait_for_other_imports() -> None:
    """On SQLite there is only one writer anyway."""
    if db.session.connection().dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(hashtext('roster import'))"))


def _look_again() -> None:
    if db.session.connection().dialect.name == "sqlite":
        db.session.execute(text("PRAGMA analysis_limit=1000"))
    db.session.execute(text("ANALYZE"))
