"""P7: letters by the thousand, beside the same letters laid out one by one in one document.

Each figure comes from a process of its own, which loads the engine first. Times are of the processor, so that other
work on the machine does not count. The naive printing is timed on two sizes and taken as linear, which it is.
"""

import multiprocessing
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from time import process_time
from typing import NamedTuple

from bench.rig import processes, profiling
from bench.rig.report import Report
from bench.rig.scale import FULL, Scale
from portal.documents.bulk import print_in_bulk
from portal.documents.letter import Letter
from portal.documents.minimal_app import minimal_app
from portal.documents.single import print_letters
from portal.text.access_code import draw

#: What the naive printing is timed on.
FEW, MORE = 40, 120

#: Names that are set in one typeface and fit on their line; those that need several, wrap anywhere, or are joined.
LATIN = ("Mia Okafor", "Noah Nguyễn", "Lucía García López", "Søren Berg", "Zoë O’Neill", "Emil Kowalski")
CHINESE = ("欧阳明月", "王思远", "赵雨涵", "黄子轩", "吕佳怡", "邓浩然")
ARABIC = ("فاطمة الزهراء محمد", "ليلى حداد", "يوسف الخطيب", "مريم منصور", "عبد الرحمن السيد", "محمد المصري")


class Printed(NamedTuple):
    """Seconds of the processor, megabytes at most, and bytes written."""

    seconds: float
    megabytes: float
    size: int


Work = Callable[[Sequence[Letter], Path], None]


def run(report: Report, scale: Scale) -> None:
    """Speed beside naive printing, memory, and size."""
    apart, less = scale is FULL, scale.of(1, smallest=100)
    naive = {names: _naive(names, less, apart=apart) for names in (LATIN, CHINESE, ARABIC)}
    for pages, goal in ((1_000 // less, 30), (5_000 // less, 80)):
        printed = _measured(_bulk, LATIN, pages, apart=apart)
        report.at_least(
            f"P7 {pages:,} letters, times as fast as naive", naive[LATIN](pages) / printed.seconds, goal
        )
        report.at_most(f"P7 {pages:,} letters, MB of memory", printed.megabytes, 110 + pages / 100)
        report.at_most(f"P7 {pages:,} letters, bytes a page", printed.size / pages, 1_600)
    for script, names in (("Chinese", CHINESE), ("Arabic", ARABIC)):
        seconds = _measured(_bulk, names, 1_000 // less, apart=apart).seconds
        report.at_least(f"P7 1,000 {script} names, times as fast", naive[names](1_000 // less) / seconds, 15)


def _naive(names: Sequence[str], less: int, *, apart: bool) -> Callable[[int], float]:
    """Return the seconds that so many pages take naive printing."""
    fewer, larger = FEW // min(less, FEW), MORE // min(less, FEW)
    few, more = (_measured(_one_by_one, names, pages, apart=apart).seconds for pages in (fewer, larger))
    each = (more - few) / (larger - fewer)
    return lambda pages: few + each * (pages - fewer)


def _measured(work: Work, names: Sequence[str], pages: int, *, apart: bool) -> Printed:
    """Print in a fresh process, unless it only has to be known to run."""
    if not apart:
        return _measure(work, names, pages)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measure, (work, names, pages))


def _measure(work: Work, names: Sequence[str], pages: int) -> Printed:
    letters = _letters(names, pages)
    with minimal_app().app_context(), tempfile.TemporaryDirectory() as folder:
        start = process_time()
        with profiling.section(work.__name__.strip("_")):
            work(letters, Path(folder))
        seconds = process_time() - start
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
    return Printed(seconds, processes.peak() * processes.MIB / 1e6, size)


def _bulk(letters: Sequence[Letter], folder: Path) -> None:
    print_in_bulk(letters, folder=folder, has_covers=False)


def _one_by_one(letters: Sequence[Letter], folder: Path) -> None:
    (folder / "naive.pdf").write_bytes(print_letters(letters))


def _letters(names: Sequence[str], pages: int) -> list[Letter]:
    return [_letter(names[number % len(names)], number) for number in range(pages)]


def _letter(name: str, number: int) -> Letter:
    room = f"Room {number // 28}"
    return Letter(
        school="Lincoln Elementary School",
        student=name,
        grade_label="Grade 4",
        homeroom=room,
        pile=room,
        code=draw(),
        join_url="https://portal.lincoln.example.org/join",
        sign_in_url="https://portal.lincoln.example.org/sign-in",
        expires_on=date(2027, 6, 30),
        ask_whom="Otto Reyes in the school office\n(555) 010-0199",
    )
