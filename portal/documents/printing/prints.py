"""Prints: what the printing process can be asked for. Each print is sent to a child of it, which makes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.documents.bulk import Progress, print_in_bulk
from portal.documents.letter import Letter
from portal.documents.preview import lay_out_preview
from portal.documents.single import print_letter
from portal.text.language import in_language

#: What comes of a print: values that JSON can hold, by name, and a file.
Outcome = tuple[dict[str, Any], bytes]


@dataclass(frozen=True, kw_only=True)
class SinglePrint:
    """The letter of one student."""

    letter: Letter

    def make(self, _progress: Progress | None) -> Outcome:
        """Return the letter as a PDF. Raises PrintingFailed."""
        return {}, print_letter(self.letter)


@dataclass(frozen=True, kw_only=True)
class PreviewPrint:
    """The letter that somebody writes."""

    letter: Letter

    def make(self, _progress: Progress | None) -> Outcome:
        """Return the names of its crowded boxes, and the page as a PDF. Raises PrintingFailed."""
        preview = lay_out_preview(self.letter)
        return {"crowded": preview.crowded}, preview.pdf


@dataclass(frozen=True, kw_only=True)
class BulkPrint:
    """Many letters, as files in `folder`: see `print_in_bulk`. Their titles and covers are in `language`."""

    letters: Sequence[Letter]
    folder: Path
    name: str
    has_covers: bool
    pages: int
    language: str

    def make(self, progress: Progress | None) -> Outcome:
        """Print them, and return what PrintedLetters says. Raises PrintingFailed or OSError."""
        with in_language(self.language):
            printed = print_in_bulk(
                self.letters, folder=self.folder, name=self.name, has_covers=self.has_covers,
                pages=self.pages, progress=progress,
            )  # fmt: skip
        values = {"letters": printed.letters, "covers": printed.covers, "warnings": printed.warnings}
        return values | {"files": [str(path) for path in printed.files]}, b""


Print = SinglePrint | PreviewPrint | BulkPrint
