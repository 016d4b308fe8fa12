"""One file of a roster as typed rows, and what may be concluded from it."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from portal.roster.identity import Identities
from portal.roster.rows import Mode
from portal.roster.table import Table

Row = TypeVar("Row")
Parse = Callable[[Table, Identities], Iterator[Row]]


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
