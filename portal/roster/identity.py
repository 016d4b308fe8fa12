"""Which identifiers a file has named so far."""

from collections.abc import Iterable

from portal.roster.problems import Report
from portal.text.language import gettext as _


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
