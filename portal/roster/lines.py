"""Read a file as lines of clean text, whatever its encoding and line ends."""

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

#: Called with the number of bytes that were read since the last call.
Advance = Callable[[int], None]


def ignore_progress(_count: int) -> None:
    """Do nothing: the progress of reading that nobody follows."""


#: The longest line and the longest value in characters; the csv module takes no value of more than LONGEST_VALUE.
LONGEST_LINE = 1 << 19
LONGEST_VALUE = 1 << 17
#: How many lines a value in quotes may have before its closing mark is taken as forgotten.
MOST_LINES_IN_A_VALUE = 20

#: Characters that are removed: control characters, marks of writing direction, and byte order marks.
UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_UNWANTED_BYTES = bytes([*range(9), 11, 12, *range(14, 32), 127])


class Lines:
    """Iterates over records: one line each, or several where a value in quotes contains line ends."""

    def __init__(self, source: Source, report: Report, advance: Advance) -> None:
        #: The number, from 1, of the first line of the current record.
        self.started = 0
        #: Whether the current record has no quotation marks and no blanks around its values.
        self.is_plain = False
        #: The number of characters of the current record.
        self.length = 0
        #: Whether the last line has no line end, as in a file that breaks off.
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
            if line.isascii() and line[-1] == "\n" and not source.has_unwanted:
                self.is_plain = not (
                    '"' in line or " ," in line or "\t" in line or " " in (line[0], line[-2:-1])
                )
            else:
                line = self._cleaned(line)
                self.is_plain = False
            if not self.is_plain and line.count('"') % 2 and _has_open_quote(line):
                line = self._join_open_value(line)
            self.length = len(line)
            yield line

    def _next(self) -> str:
        line = self._put_back.popleft() if self._put_back else self._text.readline(LONGEST_LINE)
        self._number += 1
        return self._cleaned(line) if line else ""

    def _cleaned(self, line: str) -> str:
        if line[-1] != "\n":
            line = self._with_line_end(line)
        if "\x00" in line:
            self._report.remark(self._number, "", _("There are zero bytes in this line; they were left out."))
        if "\ufffd" in line:
            self._report.remark(self._number, "", _("Some characters in this line could not be read."))
        return normalize("NFC", UNWANTED.sub("", line))

    def _with_line_end(self, line: str) -> str:
        """Return the line with a line end; an empty line, with a report, when it is too long."""
        self.is_cut = len(line) < LONGEST_LINE
        if self.is_cut:
            return line + "\n"
        self._report.reject_unidentified(self._number, "", _("This line is far too long to be one."))
        while (line := self._text.readline(LONGEST_LINE)) and not line.endswith("\n"):
            pass
        return "\n"

    def _join_open_value(self, first: str) -> str:
        """Return `first` with the further lines of its value in quotes.

        When the value is not closed, return an empty line, report it, and read the further lines on their own.
        """
        more: list[str] = []
        record = first
        while len(more) < MOST_LINES_IN_A_VALUE and len(record) < LONGEST_VALUE and (line := self._next()):
            more.append(line)
            record += line
            if '"' in line and not _has_open_quote(record):
                return record
        self._report.reject_unidentified(self.started, "", _("A quotation mark in this line is not closed."))
        self._put_back.extendleft(reversed(more))
        self._number = self.started
        return "\n"


def _has_open_quote(record: str) -> bool:
    """Whether the record ends within a value in quotes, so that the csv module would read another line."""
    lines = iter([record, ""])
    next(csv.reader(lines), None)
    return next(lines, None) is None


class _Bytes(io.RawIOBase):
    """The bytes of a file. Reports progress, and looks for control characters in whole blocks, which is fast."""

    def __init__(self, source: Source, advance: Advance, *, is_wide: bool) -> None:
        #: Whether lines may contain unwanted characters.
        self.has_unwanted = is_wide
        self._file = source.open()
        self._advance = advance

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        into = memoryview(buffer)
        piece = read(self._file, len(into))
        into[: len(piece)] = piece
        self.has_unwanted = self.has_unwanted or len(piece.translate(None, _UNWANTED_BYTES)) != len(piece)
        self._advance(len(piece))
        return len(piece)

    def close(self) -> None:
        self._file.close()
        super().close()
