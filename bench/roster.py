"""P8: a roster of 50,000 students and 150,000 enrolments, previewed and applied; and the same file once more."""

import multiprocessing
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bench.rig import processes, profiling
from bench.rig.bare import bare_import
from bench.rig.bundle import write_bundle
from bench.rig.empty import empty_portal
from bench.rig.report import Report
from bench.rig.scale import FULL, Scale
from bench.rig.stopwatch import seconds_of
from portal.roster.apply import apply, preview
from portal.roster.importer import Importer

STUDENTS, ROUNDS = 50_000, 3


class Times(NamedTuple):
    """Seconds for the bare import, for ours, for ours once more, and for ours of a tenth of the rows."""

    bare: float
    first: float
    again: float
    tenth: float


def run(report: Report, scale: Scale) -> None:
    """Measure time beside bare SQL and beside a tenth of the rows, and memory in processes of its own."""
    students = scale.of(STUDENTS, smallest=200) if scale is FULL else scale.of(5_000, smallest=200)
    with tempfile.TemporaryDirectory() as folder:
        large = write_bundle(Path(folder) / "large", students)
        small = write_bundle(Path(folder) / "small", students // 10)
        rounds = [_times(large, small) for _ in range(ROUNDS if scale is FULL else 1)]
        bare = median(times.first / times.bare for times in rounds)
        report.at_most("P8 roster: preview + apply, in bare imports", bare, 3)
        again = median(times.again / times.first for times in rounds)
        report.at_most("P8 roster: the unchanged file, share of the first time", again, 0.35)
        growth = median(times.first / times.tenth for times in rounds)
        report.at_most("P8 roster: time for 10 times the rows", growth, 12)
        report.at_most("P8 roster: MB at most, coming twice", _megabytes(large), 300)


def _times(large: Path, small: Path) -> Times:
    with _portal(in_file=True) as database:
        bare = seconds_of(lambda: bare_import(large, database))
    with _portal():
        first = _seconds_of("first", large)
        again = _seconds_of("again", large)
    with _portal():
        return Times(bare, first, again, _seconds_of("a tenth", small))


def _seconds_of(name: str, bundle: Path) -> float:
    with profiling.section(name):
        return seconds_of(lambda: _import(bundle))


def _import(bundle: Path) -> None:
    preview(bundle, Importer.operator())
    apply(bundle, Importer.operator())


@contextmanager
def _portal(*, in_file: bool = False) -> Iterator[Path]:
    """An empty, migrated portal; its database file. Bare SQL is measured on one whatever the portal uses."""
    with empty_portal(in_file=in_file) as (app, database), app.app_context():
        yield database


def _megabytes(bundle: Path) -> float:
    """The most memory a process needs that imports the bundle twice, everything else of the portal included."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_import_and_weigh, (bundle,))


def _import_and_weigh(bundle: Path) -> float:
    with _portal():
        _import(bundle)
        _import(bundle)
    return processes.peak() * processes.MIB / 1e6
