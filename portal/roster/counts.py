"""What an import finds: how many of each kind are new, changed or gone, and a few of their names."""

from collections import Counter, defaultdict
from enum import StrEnum

#: How many names are kept as a sample of each kind.
SAMPLE = 10


class Kind(StrEnum):
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


class Fate(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"
    REJECTED = "rejected"


class Counts:
    """Counts every row, and keeps the first names of each sort."""

    def __init__(self) -> None:
        self.totals: Counter[tuple[Kind, Fate]] = Counter()
        self.samples: defaultdict[tuple[Kind, Fate], list[str]] = defaultdict(list)

    def note(self, kind: Kind, fate: Fate, name: str = "") -> None:
        """Count one row; `name` is what people call it."""
        key = (kind, fate)
        total = self.totals[key] = self.totals.get(key, 0) + 1
        if total <= SAMPLE and name:
            self.samples[key].append(name)

    @property
    def changes(self) -> int:
        """How many rows the import would write."""
        return sum(count for (_kind, fate), count in self.totals.items() if fate is not Fate.REJECTED)

    def as_table(self) -> dict[str, dict[str, int]]:
        """The count of every fate, by kind; kinds of which nothing was found are left out."""
        kinds = [kind for kind in Kind if any(self.totals[kind, fate] for fate in Fate)]
        return {kind.value: {fate.value: self.totals[kind, fate] for fate in Fate} for kind in kinds}

    def samples_as_table(self) -> dict[str, dict[str, list[str]]]:
        """The sample names of every fate, by kind; only where there are any."""
        table: dict[str, dict[str, list[str]]] = {}
        for (kind, fate), names in self.samples.items():
            table.setdefault(kind.value, {})[fate.value] = names
        return table
