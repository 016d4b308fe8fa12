"""The lines of a file as clean text, however they are encoded and ended."""

import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Self
from unicodedata import normalize

from portal.roster.archive import Source
from portal.roster.encoding import encoding_of, read
from portal.roster.problems import Report
from portal.text.language import gettext as _

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

#: Told how many bytes more were read.
Advance = Callable[[int], None]


def unheard(_count: int) -> None:
    """For readings whose progress nobody follows."""


#: In characters; the csv module takes no value longer than a quarter of this.
LONGEST_LINE = 1 << 19
LONGEST_VALUE = 1 << 17
#: How far a value in quotes may run on before its closing mark is taken as forgotten.
MOST_LINES_IN_A_VALUE = 20

#: What nobody types into a name: control characters, marks that turn the direction of writing, byte order marks.
UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_UNWANTED_BYTES = bytes([*range(9), 11, 12, *range(14, 32), 127])


class Lines:
    """Iterates over whole records: a value in quotes may run over several lines."""

    def __init__(self, source: Source, report: Report, advance: Advance) -> None:
        #: The number, from 1, of the line where the record handed out last begins.
        self.started = 0
        #: Whether it is plainly without quotation marks and without blanks round its values.
        self.is_bare = False
        #: How many characters it has.
        self.length = 0
        #: Whether the line read last has no end, as the last one of half a file.
        self.is_cut = False
        self._number = 0
        self._source = source
        self._report = report
        self._advance = advance
        self._put_back: deque[str] = deque()

    def __enter__(self) -> Self:
        codec, remark = encoding_of(self._source)
        if remark:
            self._report.remark(0, "", remark)
        self._bytes = _Bytes(self._source, self._advance, is_wide=codec.startswith(("utf-16", "utf-32")))
        self._text = io.TextIOWrapper(io.BufferedReader(self._bytes, 1 << 16), codec, errors="replace")
        return self

    def __exit__(self, *_error: object) -> None:
        self._text.close()

    def __iter__(self) -> Iterator[str]:
        readline, put_back, source = self._text.readline, self._put_back, self._bytes
        while line := put_back.popleft() if put_back else readline(LONGEST_LINE):
            self.started = self._number = self._number + 1
            if line.isascii() and line[-1] == "\n" and not source.is_dirty:
                self.is_bare = not (
                    '"' in line or " ," in line or "\t" in line or " " in (line[0], line[-2:-1])
                )
            else:
                line = self._cleaned(line)
                self.is_bare = False
            if not self.is_bare and line.count('"') % 2 and _is_open(line):
                line = self._closed(line)
            self.length = len(line)
            yield line

    def _next(self) -> str:
        line = self._put_back.popleft() if self._put_back else self._text.readline(LONGEST_LINE)
        self._number += 1
        return self._cleaned(line) if line else ""

    def _cleaned(self, line: str) -> str:
        if line[-1] != "\n":
            line = self._ended(line)
        if "\x00" in line:
            self._report.remark(self._number, "", _("There are zero bytes in this line; they were left out."))
        if "\ufffd" in line:
            self._report.remark(self._number, "", _("Some characters in this line could not be read."))
        return normalize("NFC", UNWANTED.sub("", line))

    def _ended(self, line: str) -> str:
        """A line that had no end, given one."""
        self.is_cut = len(line) < LONGEST_LINE
        if self.is_cut:
            return line + "\n"
        self._report.lose(self._number, "", _("This line is far too long to be one."))
        while (line := self._text.readline(LONGEST_LINE)) and not line.endswith("\n"):
            pass
        return "\n"

    def _closed(self, first: str) -> str:
        """`first` with the lines its open value runs on into; when it is never closed, an empty line instead."""
        more: list[str] = []
        record = first
        while len(more) < MOST_LINES_IN_A_VALUE and len(record) < LONGEST_VALUE and (line := self._next()):
            more.append(line)
            record += line
            if '"' in line and not _is_open(record):
                return record
        self._report.lose(self.started, "", _("A quotation mark in this line is not closed."))
        self._put_back.extendleft(reversed(more))
        self._number = self.started
        return "\n"


def _is_open(record: str) -> bool:
    """Whether the csv module would look into the next line for the end of a value."""
    lines = iter([record, ""])
    next(csv.reader(lines), None)
    return next(lines, None) is None


class _Bytes(io.RawIOBase):
    """The bytes of a file; counts them, and notices control characters by the piece rather than by the line."""

    def __init__(self, source: Source, advance: Advance, *, is_wide: bool) -> None:
        #: Whether lines must be looked through for unwanted characters.
        self.is_dirty = is_wide
        self._file = source.open()
        self._advance = advance

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        into = memoryview(buffer)
        piece = read(self._file, len(into))
        into[: len(piece)] = piece
        self.is_dirty = self.is_dirty or len(piece.translate(None, _UNWANTED_BYTES)) != len(piece)
        self._advance(len(piece))
        return len(piece)

    def close(self) -> None:
        self._file.close()
        super().close()
