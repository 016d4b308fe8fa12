"""The problems found in a roster, each with file, line and column."""

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum, auto
from typing import NamedTuple

#: How many problems of the same file, column and severity are kept to be shown; the others are only counted.
KEPT_OF_A_KIND = 20
#: How many problems are kept in all.
KEPT = 1_000


class NotARoster(Exception):
    """The upload cannot be read as a roster. The message is a sentence for the importer."""


class Severity(StrEnum):
    """What a problem means for the row in which it was found."""

    REMARK = auto()  # the row was used, but somebody should look
    REJECTED = auto()  # the row, or the whole file when the line is 0, was not used


class Problem(NamedTuple):
    """One problem. `line` is 0 for the whole file, `column` is "" for the whole line."""

    file: str
    line: int
    column: str
    sentence: str
    severity: Severity

    @property
    def place(self) -> str:
        """The place of the problem, such as `users.csv:12:email`."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)


class Problems:
    """Counts the problems of one roster, and keeps the first of each kind."""

    def __init__(self) -> None:
        self.kept: list[Problem] = []
        self.totals: Counter[Severity] = Counter()
        self._of_a_kind: Counter[tuple[str, str, Severity]] = Counter()

    def remark(self, file: str, line: int, column: str, sentence: str) -> None:
        """Report something about a row that is used."""
        self._add(Problem(file, line, column, sentence, Severity.REMARK))

    def reject(self, file: str, line: int, column: str, sentence: str) -> None:
        """Report a row, or with line 0 a file, that is not used."""
        self._add(Problem(file, line, column, sentence, Severity.REJECTED))

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.kept)

    def by_file(self) -> dict[str, dict[str, int]]:
        """Return how many problems of each severity there are, for each file that has any."""
        table: dict[str, dict[str, int]] = {}
        for (file, _column, severity), count in self._of_a_kind.items():
            line = table.setdefault(file, {severity.value: 0 for severity in Severity})
            line[severity.value] += count
        return table

    @property
    def left_out(self) -> int:
        """How many problems were counted but not kept."""
        return self.totals.total() - len(self.kept)

    def _add(self, problem: Problem) -> None:
        kind = (problem.file, problem.column, problem.severity)
        self.totals[problem.severity] += 1
        self._of_a_kind[kind] += 1
        if self._of_a_kind[kind] <= KEPT_OF_A_KIND and len(self.kept) < KEPT:
            self.kept.append(problem)


class Report:
    """Reports the problems of one file to those of the roster."""

    def __init__(self, file: str, problems: Problems) -> None:
        self.file = file
        #: False once a line did not say whom it is about. Then nobody may be taken for gone.
        self.is_complete = True
        self._problems = problems

    def remark(self, line: int, column: str, sentence: str) -> None:
        """Report something about a row that is used."""
        self._problems.remark(self.file, line, column, sentence)

    def reject(self, line: int, column: str, sentence: str) -> None:
        """Report a line that is not used."""
        self._problems.reject(self.file, line, column, sentence)

    def reject_unidentified(self, line: int, column: str, sentence: str) -> None:
        """Report a line that is not used and does not say whom it is about; the file is then not complete."""
        self.is_complete = False
        self.reject(line, column, sentence)
