"""One file of a roster as typed rows, and the identifiers it has named."""

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from portal.roster.problems import Report
from portal.roster.rows import Mode
from portal.roster.table import Table
from portal.text.language import gettext as _

Row = TypeVar("Row")

#: A function that turns the lines of a table into rows and leaves out, with a report, those it cannot use.
Parse = Callable[[Table, "Identities"], Iterator[Row]]


class File(Generic[Row]):
    """One file of a roster. Each iteration reads it from the disk again; only identifiers are kept in memory."""

    def __init__(self, name: str, mode: Mode, table: Table | None, parse: Parse[Row]) -> None:
        #: The name of the file, such as "users.csv".
        self.name = name
        self.mode = mode
        #: The identifiers in lines that could not be used. They do not count as gone.
        self.rejected: set[str] = set()
        self._table = table
        self._parse = parse

    def __iter__(self) -> Iterator[Row]:
        if self._table is not None:
            identities = Identities(self._table.report)
            self.rejected = identities.rejected
            yield from self._parse(self._table, identities)

    @property
    def shows_who_is_gone(self) -> bool:
        """Whether rows missing from the file are gone: it is complete, and every line said whom it is about.

        Valid only after the file has been iterated over.
        """
        return self.mode is Mode.BULK and self._table is not None and self._table.report.is_complete

    def reject(self, line: int, column: str, sentence: str) -> None:
        """Report a row that cannot be used, for a reason that was found after parsing."""
        if self._table is not None:
            self._table.report.reject(line, column, sentence)

    def remark(self, line: int, column: str, sentence: str) -> None:
        """Report something about a row that is used."""
        if self._table is not None:
            self._table.report.remark(line, column, sentence)


class Identities:
    """The identifiers that a file has named so far, to find those named twice, and those of rejected lines."""

    def __init__(self, report: Report) -> None:
        #: The column that holds the identifier.
        self.column = "sourcedId"
        self.rejected: set[str] = set()
        self._seen: set[str] = set()
        self._report = report

    def is_new(self, source_id: str, line: int, values: Iterable[str]) -> bool:
        """Whether the line has an identifier that no earlier line has; report it otherwise, but not an empty line."""
        if not source_id:
            if any(values):
                self._report.reject_unidentified(line, self.column, _("This line has no identifier."))
            return False
        if source_id in self._seen:
            self._report.reject(
                line, self.column, _("This identifier was in an earlier line, which was used.")
            )
            return False
        self._seen.add(source_id)
        return True

    def reject(self, source_id: str, line: int, column: str, sentence: str) -> None:
        """Report a line that has an identifier but cannot be used."""
        self.rejected.add(source_id)
        self._report.reject(line, column, sentence)
