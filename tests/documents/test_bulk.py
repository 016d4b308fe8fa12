"""Bulk letters: quick, and yet page for page what the engine would have made of each letter by itself."""

import errno
import os
import resource
import stat
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from portal.documents.bulk import print_in_bulk
from portal.documents.letter import Letter
from portal.documents.pdf.engine import PrintingFailed
from portal.documents.printable import printable
from portal.documents.single import print_letter
from tests.documents.reading import (
    difference,
    every_way_to_draw,
    filled_modules,
    only_page,
    picture,
    scanned,
    squeezed,
)
from tests.documents.samples import CODES, MIA, NAMES

KINDS = list(product(("en", "es"), ("letter", "a4"), (False, True)))

#: What may look otherwise, of the whole page: edges of letters and modules a fraction of a pixel away.
TOLERANCE = 0.002


class Stopped(Exception):
    """Somebody pressed Cancel."""


def letters_for(names: list[str], **fields: object) -> list[Letter]:
    codes = (CODES[number % len(CODES)] for number in range(len(names)))
    return [replace(MIA, student=name, code=code, **fields) for name, code in zip(names, codes, strict=False)]


@pytest.mark.parametrize(("language", "paper", "has_window"), KINDS)
def test_every_page_is_what_the_engine_makes_of_that_letter(tmp_path, language, paper, has_window):
    letters = letters_for(NAMES, language=language, paper=paper, has_window=has_window)

    run = print_in_bulk(letters, folder=tmp_path, has_covers=False)

    [pdf] = [path.read_bytes() for path in run.files]
    for number, (letter, page) in enumerate(zip(letters, PdfReader(run.files[0]).pages, strict=True)):
        alone = print_letter(letter)
        assert words(page.extract_text()) == words(only_page(alone).extract_text()), letter.student
        assert difference(picture(pdf, number), picture(alone)) < TOLERANCE, letter.student


@pytest.mark.parametrize("name", NAMES)
def test_name_and_code_are_read_back(tmp_path, name):
    letters = letters_for([name, "Mia", name])

    pages = pages_in(print_in_bulk(letters, folder=tmp_path, has_covers=False).files)

    for letter, page in zip(letters, pages, strict=True):
        text = page.extract_text()
        assert squeezed(letter.student) in squeezed(text)
        assert letter.code_in_groups in text
        assert "■" not in text


def test_every_square_is_segnos_and_a_phone_reads_it(tmp_path):
    letters = letters_for(["Mia"] * len(CODES))

    [path] = print_in_bulk(letters, folder=tmp_path, has_covers=False).files

    for number, (letter, page) in enumerate(zip(letters, PdfReader(path).pages, strict=True)):
        assert filled_modules(page) in every_way_to_draw(letter.scan_url)
        assert scanned(picture(path.read_bytes(), number)) == [letter.scan_url]


@settings(derandomize=True, deadline=None, max_examples=10)
@given(names=st.lists(st.text(max_size=60), min_size=3, max_size=8))
def test_whatever_the_names_each_page_has_its_own_code(tmp_path_factory, names):
    letters = letters_for(names)

    pages = pages_in(print_in_bulk(letters, folder=tmp_path_factory.mktemp("run"), has_covers=False).files)

    assert [letter.code_in_groups in page.extract_text() for letter, page in zip(letters, pages, strict=True)]


def test_the_same_letters_give_the_same_bytes(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    letters = letters_for(NAMES)

    files = [print_in_bulk(letters, folder=folder).files[0].read_bytes() for folder in (first, second)]

    assert files[0] == files[1]


def test_families_languages_lie_on_one_pile(tmp_path):
    letters = [*letters_for(["Mia"]), *letters_for(["Noé"], language="es"), *letters_for(["Ada"])]

    [first, second, third] = pages_in(print_in_bulk(letters, folder=tmp_path, has_covers=False).files)

    assert "June 30, 2027" in first.extract_text()
    assert "30 de junio de 2027" in second.extract_text()
    assert "June 30, 2027" in third.extract_text()


def test_files_hold_whole_homerooms_of_one_school(tmp_path):
    rooms = [letters_for(["Mia"] * 4, homeroom=room, pile=room) for room in ("1A", "1B", "1C")]
    elsewhere = letters_for(["Sam"], school="Riverside", pile="1C")

    letters = [letter for room in rooms for letter in room] + elsewhere
    run = print_in_bulk(letters, folder=tmp_path, pages=10)

    assert [path.name for path in run.files] == [f"login-instructions-{number}.pdf" for number in (1, 2, 3)]
    assert [len(PdfReader(path).pages) for path in run.files] == [10, 5, 2]
    assert (run.letters, run.covers, run.pages) == (13, 4, 17)


def test_a_homeroom_too_large_for_a_file_is_cut(tmp_path):
    run = print_in_bulk(letters_for(["Mia"] * 20, pile="1A"), folder=tmp_path, pages=10)

    assert [len(PdfReader(path).pages) for path in run.files] == [10, 10, 3]


def test_no_letter_is_no_pdf(tmp_path):
    with pytest.raises(ValueError, match="No letter"):
        print_in_bulk([], folder=tmp_path)


def test_progress_is_told_and_can_stop_the_printing(tmp_path):
    told = []

    def stop(done: int, total: int) -> None:
        told.append((done, total))
        if done > 60:
            raise Stopped

    with pytest.raises(Stopped):
        print_in_bulk(letters_for(["Mia"] * 130), folder=tmp_path, pages=60, progress=stop)

    assert told[-1][1] == 130
    assert list(tmp_path.iterdir()) == []


def test_only_the_owner_can_read_the_files(tmp_path):
    [path] = print_in_bulk(letters_for(["Mia"]), folder=tmp_path).files

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.fixture
def small_disk():
    """No file may grow beyond five thousand bytes, as on a disk that is nearly full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_no_half_file_and_says_so(tmp_path, small_disk):
    with pytest.raises(PrintingFailed, match="no room on the disk"):
        print_in_bulk(letters_for(["Mia"]), folder=tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_up_between_two_files_keeps_neither(tmp_path, monkeypatch):
    syncs = iter([None, OSError(errno.ENOSPC, "No space left on device")])

    def sync(_handle: int) -> None:
        if failure := next(syncs):
            raise failure

    monkeypatch.setattr(os, "fsync", sync)

    with pytest.raises(PrintingFailed, match="no room on the disk"):
        print_in_bulk(letters_for(["Mia"] * 20), folder=tmp_path, pages=10)

    assert list(tmp_path.iterdir()) == []


def test_what_the_engine_says_is_not_repeated(tmp_path):
    letters = [*letters_for(["Mia"]), *letters_for(["Secret " * 60_000])]

    with pytest.raises(PrintingFailed) as failure:
        print_in_bulk(letters, folder=tmp_path)

    assert "Secret" not in str(failure.value)
    assert failure.value.__cause__ is failure.value.__context__ is None
    assert list(tmp_path.iterdir()) == []


def test_names_that_paper_cannot_show_give_a_warning(tmp_path):
    names = ["Zoë 🦊 Fox", "आरव पटेल", "Mia", "Ana\u200dMaría"]

    warnings = print_in_bulk(letters_for(names, home_language="hi"), folder=tmp_path).warnings

    assert "left out of these names: Zoë Fox." in warnings[0]
    assert "cannot join properly: आरव पटेल." in warnings[1]
    assert "4 families read a language we have no letter in (Hindi)" in warnings[2]


def words(text: str) -> list[str]:
    return sorted(printable(text).split())


def pages_in(files: list[Path]) -> list:
    return [page for path in files for page in PdfReader(path).pages]
