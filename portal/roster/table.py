"""Read a CSV file line by line into the wanted columns, and report the lines that cannot be used."""

import csv
from collections.abc import Iterator
from operator import itemgetter
from typing import Protocol

from portal.roster.archive import Source
from portal.roster.columns import Columns
from portal.roster.lines import Advance, Lines, ignore_progress
from portal.roster.problems import Problems, Report
from portal.text.language import gettext as _

DELIMITERS = (",", ";", "\t", "|")

#: The characters of a line without any value.
BLANK = ' \t\n",;|'

Values = tuple[str, ...]


class Reader(Protocol):
    """The type of what `csv.reader` returns."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...


class Table:
    """Iterates over the usable lines of one file of a roster, and reports the others."""

    def __init__(
        self, source: Source, columns: Columns, problems: Problems, advance: Advance = ignore_progress
    ) -> None:
        self.report = Report(source.name, problems)
        self._source = source
        self._columns = columns
        self._advance = advance

    def read_quietly(self) -> "Table":
        """Return another table of the same file that reports nothing, for reading ahead."""
        return Table(self._source, self._columns, Problems())

    def has_its_columns(self) -> bool:
        """Whether the header has all required columns. Reports nothing."""
        quiet = self.read_quietly()
        with Lines(quiet._source, quiet.report, ignore_progress) as lines:
            first = next((line for line in lines if line.strip(BLANK)), "")
            header = quiet._header(first, max(DELIMITERS, key=first.count))
            return quiet._columns.find(header, quiet.report, 1) is not None

    def __iter__(self) -> Iterator[tuple[int, Values]]:
        """Yield each line's number, from 1, with its values in the order of `columns.names`, without outer blanks.

        The values of a missing column are "". Raises NotARoster when the archive breaks off.
        """
        with Lines(self._source, self.report, self._advance) as lines:
            first = next((line for line in lines if line.strip(BLANK)), None)
            if first is None:
                return self.report.reject_unidentified(0, "", _("This file is empty."))
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
            if len(fields) == width or self._made_to_fit(fields, width, lines):
                fields.append("")
                values = pick(fields) if lines.is_plain else tuple(map(str.strip, pick(fields)))
                if lines.length > short and max(map(len, values)) > short:
                    values = self._columns.shorten(values, self.report, lines.started)
                yield lines.started, values

    def _fields(self, lines: Lines, reader: Reader) -> Iterator[list[str]]:
        """Yield the values of each record; report records that the csv module cannot read.

        When the module reads on into a further record, a quotation mark before it was not closed.
        """
        while True:
            expected = reader.line_num
            try:
                for fields in reader:
                    expected += 1
                    if reader.line_num == expected:
                        yield fields
                    else:
                        expected = reader.line_num
                        self.report.reject_unidentified(
                            lines.started, "", _("A quotation mark before this line was not closed.")
                        )
                return
            except csv.Error:
                self.report.reject_unidentified(
                    lines.started, "", _("This line cannot be read: its values or quotes are broken.")
                )

    def _made_to_fit(self, fields: list[str], width: int, lines: Lines) -> bool:
        """Cut or fill up a line with too many or too few values; return False, with a report, if it cannot be used."""
        if not any(fields):
            return False
        if len(fields) > width and any(fields[width:]):
            self.report.reject_unidentified(
                lines.started, "", _("There are more values than columns: a comma without quotes?")
            )
            return False
        if len(fields) < width and lines.is_cut:
            self.report.reject_unidentified(lines.started, "", _("The file breaks off in this line."))
            return False
        if len(fields) < width:
            self.report.remark(
                lines.started, "", _("There are fewer values than columns; the rest was left empty.")
            )
        fields[:] = (fields + [""] * width)[:width]
        return True
