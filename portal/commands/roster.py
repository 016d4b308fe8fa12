"""`portal roster`: preview and apply rosters, the files from which people, schools and classes are imported."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from portal.commands.readiness import opened
from portal.config import Settings
from portal.db import Refused
from portal.roster import apply as rosters
from portal.roster.apply import Progress
from portal.roster.counts import RowOutcome
from portal.roster.importer import Importer
from portal.roster.outcome import ImportOutcome
from portal.roster.problems import NotARoster

Found = TypeVar("Found", bound=ImportOutcome)


@click.group("roster")
def roster() -> None:
    """Bring people, schools and classes in: from a zip or folder of OneRoster files, or a pedagogue file."""


@roster.command()
@click.argument("path", type=click.Path(path_type=Path))
def preview(path: Path) -> None:
    """Say what applying the roster at PATH would do. Nothing is changed."""
    with opened(Settings.read()):
        found = _read_with_progress(
            lambda progress: rosters.preview(path, Importer.operator(), progress=progress)
        )
    _show(found)
    if found.refusal:
        raise Refused(found.refusal)


@roster.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--override", is_flag=True, help="Apply it even if more than a tenth of students or staff go.")
def apply(path: Path, *, override: bool) -> None:
    """Make everything agree with the roster at PATH: all of it, or nothing."""
    with opened(Settings.read()):
        done = _read_with_progress(
            lambda progress: rosters.apply(path, Importer.operator(), override=override, progress=progress)
        )
    _show(done)


def _read_with_progress(read: Callable[[Progress], Found]) -> Found:
    """Return the result of `read`, showing its progress. Raises Refused when the file is not a roster."""
    with click.progressbar(length=1, label="Reading", file=sys.stderr) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        try:
            return read(progress)
        except NotARoster as refusal:
            raise Refused(str(refusal)) from None


def _show(outcome: ImportOutcome) -> None:
    for problem in outcome.problems:
        click.echo(f"{problem.place}: {problem.severity}: {problem.sentence}")
    if outcome.problems_left_out:
        click.echo(f"… and {outcome.problems_left_out:,} more of the same kinds.")
    if outcome.counts:
        click.echo(_line("", *(outcome.value for outcome in RowOutcome)))
    for kind, outcomes in outcome.counts.items():
        click.echo(_line(kind, *(f"{outcomes[outcome.value]:,}" for outcome in RowOutcome)))
    if not outcome.changes:
        click.echo("Nothing is different from what is stored.")


def _line(kind: str, *columns: str) -> str:
    return f"{kind:<22}" + "".join(f"{column:>10}" for column in columns)
