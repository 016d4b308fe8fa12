"""What a preview or an import found, counted and with examples."""

from dataclasses import asdict, dataclass
from typing import Any, Self

from portal.roster.comparison import Comparison
from portal.roster.problems import Problem, Problems


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What a preview or an import found."""

    #: How many rows are new, changed, gone and rejected, by kind.
    counts: dict[str, dict[str, int]]
    #: A few names for each of these counts.
    samples: dict[str, dict[str, list[str]]]
    #: How many lines were rejected and how many remarks were made, for each file that has any.
    files: dict[str, dict[str, int]]
    #: The first problems of each kind, in the order of the files.
    problems: list[Problem]
    #: How many further problems were counted only.
    problems_left_out: int
    #: How many rows differ from what is stored; 0 when applying would change nothing.
    changes: int
    #: Why the roster is not applied without the override; None when it can be applied.
    refusal: str | None

    @classmethod
    def of(cls, comparison: Comparison, problems: Problems) -> Self:
        """Summarise a finished comparison."""
        counts = comparison.counts
        return cls(
            counts.as_table(), counts.samples_as_table(), problems.by_file(), problems.kept,
            problems.left_out, counts.changes, comparison.refusal,
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Return the outcome as dictionaries, lists, texts and numbers."""
        return asdict(self) | {"problems": [problem._asdict() for problem in self.problems]}


class Preview(ImportOutcome):
    """What applying the roster would do now."""


class ImportSummary(ImportOutcome):
    """What applying the roster did."""
