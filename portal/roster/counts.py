"""Count what an import finds: how many rows of each kind are new, changed, gone or rejected, with sample names."""

from collections import Counter, defaultdict
from enum import StrEnum

#: How many names are kept as a sample of each kind.
SAMPLE = 10


class Kind(StrEnum):
    """What the rows are about. The values are shown to the importer and kept in the summary."""

    NETWORKS = "networks"
    SCHOOLS = "schools"
    SCHOOL_YEARS = "school years"
    HOMEROOMS = "homerooms"
    CLASSES = "classes"
    STUDENTS = "students"
    CONTACTS = "contacts"
    STAFF = "staff"
    PRINCIPALS = "principals"
    ENROLMENTS = "enrolments"
    TEACHING = "teaching assignments"
    ATTENDANCE = "attendance days"


class RowOutcome(StrEnum):
    """What the import does with a row. The values are shown to the importer and kept in the summary."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"
    REJECTED = "rejected"


class Counts:
    """Counts every row by kind and outcome, and keeps the first names of each count."""

    def __init__(self) -> None:
        self.totals: Counter[tuple[Kind, RowOutcome]] = Counter()
        self.samples: defaultdict[tuple[Kind, RowOutcome], list[str]] = defaultdict(list)

    def note(self, kind: Kind, outcome: RowOutcome, name: str = "") -> None:
        """Count one row, and keep `name` as a sample where there are fewer than SAMPLE."""
        key = (kind, outcome)
        total = self.totals[key] = self.totals.get(key, 0) + 1
        if total <= SAMPLE and name:
            self.samples[key].append(name)

    @property
    def changes(self) -> int:
        """How many rows the import would write."""
        return sum(
            count for (_kind, outcome), count in self.totals.items() if outcome is not RowOutcome.REJECTED
        )

    def as_table(self) -> dict[str, dict[str, int]]:
        """Return the count of each outcome by kind, without kinds of which nothing was found."""
        kinds = [kind for kind in Kind if any(self.totals[kind, outcome] for outcome in RowOutcome)]
        return {
            kind.value: {outcome.value: self.totals[kind, outcome] for outcome in RowOutcome}
            for kind in kinds
        }

    def samples_as_table(self) -> dict[str, dict[str, list[str]]]:
        """Return the sample names of each outcome by kind, where there are any."""
        table: dict[str, dict[str, list[str]]] = {}
        for (kind, outcome), names in self.samples.items():
            table.setdefault(kind.value, {})[outcome.value] = names
        return table
