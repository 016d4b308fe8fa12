"""One CSV file, read line by line into the columns that are wanted."""

import csv
from collections.abc import Iterator
from operator import itemgetter
from typing import Protocol

from portal.roster.archive import Source
from portal.roster.columns import Columns
from portal.roster.lines import Advance, Lines, unheard
from portal.roster.problems import Problems, Report
from portal.text.language import gettext as _

DELIMITERS = (",", ";", "\t", "|")

#: What a line without any value consists of.
BLANK = ' \t\n",;|'

Values = tuple[str, ...]


class Reader(Protocol):
    """What `csv.reader` makes."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...


class Table:
    """Reads one file of a roster. What cannot be used is reported; what can be is handed over."""

    def __init__(
        self, source: Source, columns: Columns, problems: Problems, advance: Advance = unheard
    ) -> None:
        self.report = Report(source.name, problems)
        self._source = source
        self._columns = columns
        self._advance = advance

    def read_quietly(self) -> "Table":
        """The same file once more, to look ahead in: its problems are not reported again."""
        return Table(self._source, self._columns, Problems())

    def has_its_columns(self) -> bool:
        """Whether the header names every column that such a file cannot do without. Reports nothing."""
        quiet = self.read_quietly()
        with Lines(quiet._source, quiet.report, unheard) as lines:
            first = next((line for line in lines if line.strip(BLANK)), "")
            header = quiet._header(first, max(DELIMITERS, key=first.count))
            return quiet._columns.find(header, quiet.report, 1) is not None

    def __iter__(self) -> Iterator[tuple[int, Values]]:
        """Each line's number, from 1, with its values without blanks around, in the order of `columns.names`.

        A column that is not there reads as "". Raises NotARoster when the archive breaks off.
        """
        with Lines(self._source, self.report, self._advance) as lines:
            first = next((line for line in lines if line.strip(BLANK)), None)
            if first is None:
                return self.report.lose(0, "", _("This file is empty."))
            delimiter = max(DELIMITERS, key=first.count)
            header = self._header(first, delimiter)
            positions = self._columns.find(header, self.report, lines.started)
            if positions is None:
                self.report.is_complete = False
                return None
            if delimiter != ",":
                self.report.remark(1, "", _("The values are not separated by commas, but were read."))
            reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
            yield from self._rows(lines, reader, len(header), positions)

    def _header(self, line: str, delimiter: str) -> list[str]:
        try:
            return next(csv.reader([line], delimiter=delimiter))
        except csv.Error:
            return []

    def _rows(
        self, lines: Lines, reader: Reader, width: int, positions: tuple[int, ...]
    ) -> Iterator[tuple[int, Values]]:
        pick, short = itemgetter(*positions), self._columns.short
        for fields in self._fields(lines, reader):
            if len(fields) == width or self._fits(fields, width, lines):
                fields.append("")
                values = pick(fields) if lines.is_bare else tuple(map(str.strip, pick(fields)))
                if lines.length > short and max(map(len, values)) > short:
                    values = self._columns.shorten(values, self.report, lines.started)
                yield lines.started, values

    def _fields(self, lines: Lines, reader: Reader) -> Iterator[list[str]]:
        """The values of each record. The reader takes one at a time, unless a quote within a value misleads it."""
        while True:
            expected = reader.line_num
            try:
                for fields in reader:
                    expected += 1
                    if reader.line_num == expected:
                        yield fields
                    else:
                        expected = reader.line_num
                        self.report.lose(
                            lines.started, "", _("A quotation mark before this line was not closed.")
                        )
                return
            except csv.Error:
                self.report.lose(
                    lines.started, "", _("This line cannot be read: its values or quotes are broken.")
                )

    def _fits(self, fields: list[str], width: int, lines: Lines) -> bool:
        """Whether a line with too few or too many values can be used all the same; made to fit if so."""
        if not any(fields):
            return False
        if len(fields) > width and any(fields[width:]):
            self.report.lose(
                lines.started, "", _("There are more values than columns: a comma without quotes?")
            )
            return False
        if len(fields) < width and lines.is_cut:
            self.report.lose(lines.started, "", _("The file breaks off in this line."))
            return False
        if len(fields) < width:
            self.report.remark(
                lines.started, "", _("There are fewer values than columns; the rest was left empty.")
            )
        fields[:] = (fields + [""] * width)[:width]
        return True
