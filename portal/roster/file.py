"""One file of a roster as typed rows, and what may be concluded from it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from portal.roster.problems import Report
from portal.roster.rows import Mode
from portal.roster.table import Table
from portal.text.language import gettext as _

Row = TypeVar("Row")


Parse = Callable[[Table, "Identities"], Iterator[Row]]


class File(Generic[Row]):
    """Iterating reads the file anew from the disk; nothing is kept but which identifiers it named."""

    def __init__(self, name: str, mode: Mode, table: Table | None, parse: Parse[Row]) -> None:
        #: As people know it, such as "users.csv".
        self.name = name
        self.mode = mode
        #: Who was named in a line that could not be used: they are not gone.
        self.rejected: set[str] = set()
        self._table = table
        self._parse = parse

    def __iter__(self) -> Iterator[Row]:
        if self._table is not None:
            identities = Identities(self._table.report)
            self.rejected = identities.rejected
            yield from self._parse(self._table, identities)

    @property
    def tells_who_is_gone(self) -> bool:
        """Whether what was not in it is gone: it holds everything, and all of it could be read. Ask after iterating."""
        return self.mode is Mode.BULK and self._table is not None and self._table.report.is_complete

    def reject(self, line: int, column: str, sentence: str) -> None:
        """Report a row that cannot be used, for a reason that only shows beside other rows."""
        if self._table is not None:
            self._table.report.reject(line, column, sentence)

    def remark(self, line: int, column: str, sentence: str) -> None:
        """Report something about a row that is used all the same."""
        if self._table is not None:
            self._table.report.remark(line, column, sentence)


class Identities:
    """Keeps a file from naming anything twice, and remembers what was rejected: that is not gone."""

    def __init__(self, report: Report) -> None:
        #: The column that holds the identifier.
        self.column = "sourcedId"
        self.rejected: set[str] = set()
        self._seen: set[str] = set()
        self._report = report

    def is_new(self, source_id: str, line: int, values: Iterable[str]) -> bool:
        """Whether `source_id` can be used; says so in the report when it cannot. Empty lines are passed over."""
        if not source_id:
            if any(values):
                self._report.lose(line, self.column, _("This line has no identifier."))
            return False
        if source_id in self._seen:
            self._report.reject(
                line, self.column, _("This identifier was in an earlier line, which was used.")
            )
            return False
        self._seen.add(source_id)
        return True

    def reject(self, source_id: str, line: int, column: str, sentence: str) -> None:
        """Report a line that says whom it is about and still cannot be used."""
        self.rejected.add(source_id)
        self._report.reject(line, column, sentence)
