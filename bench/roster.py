"""P8: a roster of 50,000 students and 150,000 enrolments, previewed and applied."""

import multiprocessing
import resource
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.rig.bare import bare_import
from bench.rig.bundle import write_bundle
from bench.rig.empty import empty_portal
from bench.rig.report import Report
from bench.rig.scale import Scale
from portal.roster.apply import apply, preview
from portal.roster.importer import Importer

STUDENTS = 50_000
ROUNDS = 3


def run(report: Report, scale: Scale) -> None:
    """Measure time beside bare SQL and beside a tenth of the rows, and memory in processes of its own."""
    students, rounds_of_each = scale.of(STUDENTS, smallest=200), scale.of(ROUNDS, smallest=1)
    with tempfile.TemporaryDirectory() as folder:
        large = write_bundle(Path(folder) / "large", students)
        small = write_bundle(Path(folder) / "small", students // 10)
        rounds = [(_bare(large), _ours(large), _ours(small)) for _ in range(rounds_of_each)]
        bare = median(ours / bare for bare, ours, _tenth in rounds)
        growth = median(ours / tenth for _bare, ours, tenth in rounds)
        report.at_most("P8 roster: preview + apply, in bare imports", bare, 3)
        report.at_most("P8 roster: time for 10 times the rows", growth, 12)
        report.at_most("P8 roster: MB the first time", _megabytes(large, 1), 300)
        report.at_most("P8 roster: MB when it comes again", _megabytes(large, 2), 300)


def _bare(bundle: Path) -> float:
    with _portal() as database:
        return _seconds(lambda: bare_import(bundle, database))


def _ours(bundle: Path) -> float:
    with _portal():
        return _seconds(lambda: _import(bundle))


def _import(bundle: Path) -> None:
    preview(bundle, Importer.operator())
    apply(bundle, Importer.operator())


@contextmanager
def _portal() -> Iterator[Path]:
    """An empty, migrated portal; its database file."""
    with empty_portal() as (app, database), app.app_context():
        yield database


def _seconds(call: Callable[[], None]) -> float:
    start = perf_counter()
    call()
    return perf_counter() - start


def _megabytes(bundle: Path, times: int) -> float:
    """The most memory a process needs that imports the bundle so many times, everything else of the portal included."""
    fresh = multiprocessing.get_context("spawn")
    with fresh.Pool(1) as pool:
        return pool.apply(_import_and_weigh, (bundle, times))


def _import_and_weigh(bundle: Path, times: int) -> float:
    with _portal():
        for _ in range(times):
            _import(bundle)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
