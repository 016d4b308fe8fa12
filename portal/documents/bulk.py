"""Print bulk letters: thousands of them, in files of at most PAGES pages, with a cover sheet before each homeroom."""

import errno
import os
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import IO

from portal.documents.cover_pages import cover_template_for, covers_of, most_covers, pages_of_covers
from portal.documents.letter import Letter
from portal.documents.letter_pages import page_template_for, sheet_of
from portal.documents.pdf import engine
from portal.documents.pdf.engine import PrintingFailed
from portal.documents.pdf.page_template import PageTemplate, Sheet
from portal.documents.pdf.writer import PdfWriter
from portal.documents.warnings import warnings_on
from portal.text.language import gettext as _

#: The greatest number of pages in one file.
PAGES = 1_000

#: The name of the file, without what follows the dot.
NAME = "login-instructions"

#: How many pages are made between two calls of `progress`. The engine lays out their passages at once.
PILE = 50

#: Called with (letters done, letters in all). What it raises stops the printing, and nothing is left of the files.
Progress = Callable[[int, int], None]

#: Letters that are handed out together.
Homeroom = list[Letter]

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, kw_only=True)
class PrintedLetters:
    """The files that were printed, and how many letters and cover sheets they have.

    `warnings` are sentences about letters that somebody should check before they are handed out.
    """

    files: list[Path]
    letters: int
    covers: int
    warnings: list[str]

    @property
    def pages(self) -> int:
        return self.letters + self.covers


def print_in_bulk(
    letters: Sequence[Letter],
    *,
    folder: Path,
    name: str = NAME,
    has_covers: bool = True,
    pages: int = PAGES,
    progress: Progress | None = None,
) -> PrintedLetters:
    """Print all `letters`, in their order, into PDFs in `folder` that only their owner can read.

    One file is `name`.pdf; several, of at most so many `pages` and of one school each, are `name`-1.pdf and so on. A
    homeroom's letters stay in one file where they can. Letters of one school and pile have to stand together.
    Needs an application context. The same letters give the same bytes. Raises ValueError without a letter,
    PrintingFailed when the engine gives up or the disk is full, and whatever `progress` raises: then no file is left.
    """
    if not letters:
        raise ValueError("No letter is no PDF.")
    printer = _BulkPrinter(letters, has_covers=has_covers, progress=_count_for(len(letters), progress))
    made: list[Path] = []
    try:
        for homerooms in _files(letters, has_covers=has_covers, most=pages):
            made.append(folder / f".{name}-{len(made) + 1}.pdf")
            printer.print(homerooms, made[-1])
        files = _rename(made, folder, name)
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        raise
    return PrintedLetters(
        files=files, letters=len(letters), covers=printer.covers, warnings=warnings_on(letters)
    )


class _BulkPrinter:
    """Prints one file after the other with the same page templates, which are made for all the letters."""

    def __init__(
        self, letters: Sequence[Letter], *, has_covers: bool, progress: Callable[[int], None]
    ) -> None:
        self.covers = 0
        self._letters = letters
        self._has_covers = has_covers
        self._progress = progress
        self._templates: dict[Hashable, PageTemplate] = {}

    def print(self, homerooms: list[Homeroom], path: Path) -> None:
        """Print one file with the letters of these homerooms. Raises PrintingFailed."""
        first = homerooms[0][0]
        title = f"{_('Login instructions')} · {first.school}"
        with engine.turn(), _open_private(path) as out:
            writer = PdfWriter(out, title=title, language=first.language, template_for=self._template)
            sheets = self._sheets(homerooms)
            while pile := list(islice(sheets, PILE)):
                writer.add(pile)
                self._progress(sum(sheet.code is not None for sheet in pile))
            writer.finish()

    def _sheets(self, homerooms: Iterable[Homeroom]) -> Iterator[Sheet]:
        for homeroom in homerooms:
            if self._has_covers:
                yield from self._covers(homeroom)
            for letter in homeroom:
                sheet = sheet_of(letter)
                if sheet.key not in self._templates:
                    self._templates[sheet.key] = page_template_for(letter)
                yield sheet

    def _covers(self, homeroom: Homeroom) -> Iterator[Sheet]:
        for sheet in covers_of(homeroom):
            if sheet.key not in self._templates:
                self._templates[sheet.key] = cover_template_for(homeroom[0], all_letters=self._letters)
            self.covers += 1
            yield sheet

    def _template(self, sheet: Sheet) -> PageTemplate:
        return self._templates[sheet.key]


def _files(letters: Iterable[Letter], *, has_covers: bool, most: int) -> Iterator[list[Homeroom]]:
    """Yield the homerooms for each file: of one school and paper, as many as fit on `most` pages."""
    file: list[Homeroom] = []
    pages, place = 0, None
    for homeroom in _homerooms(letters, most=most - most_covers(most) if has_covers else most):
        needed = len(homeroom) + (pages_of_covers(len(homeroom)) if has_covers else 0)
        if file and (pages + needed > most or place != _place(homeroom[0])):
            yield file
            file, pages = [], 0
        file.append(homeroom)
        pages, place = pages + needed, _place(homeroom[0])
    yield file


def _homerooms(letters: Iterable[Letter], *, most: int) -> Iterator[Homeroom]:
    """Yield the letters of each homeroom, in parts of at most `most` letters."""
    for _key, group in groupby(letters, key=lambda letter: (*_place(letter), letter.pile)):
        while some := list(islice(group, most)):
            yield some


def _place(letter: Letter) -> tuple[str, str]:
    return letter.school, letter.paper


def _count_for(total: int, progress: Progress | None) -> Callable[[int], None]:
    done = 0

    def count(more: int) -> None:
        nonlocal done
        done += more
        if progress:
            progress(done, total)

    return count


@contextmanager
def _open_private(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that only its owner can read, and sync it at the end. Raises PrintingFailed when the disk is full."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise PrintingFailed(
            _(
                "There is no room on the disk for these letters. Nothing was kept of them; make room and try again."
            )
        ) from None


def _rename(made: list[Path], folder: Path, name: str) -> list[Path]:
    """Give the finished files the names that people see, and return their paths."""
    if len(made) == 1:
        return [made[0].rename(folder / f"{name}.pdf")]
    return [path.rename(folder / f"{name}-{number}.pdf") for number, path in enumerate(made, start=1)]
