"""Find the columns of a file by its header, in any order and with small spelling mistakes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from portal.roster.problems import Report
from portal.text.language import gettext as _

#: Shorter names are not guessed, because they differ by a letter or two (`sms`, `phone`, `role`, `email`).
SHORTEST_GUESS = 6
MOST_EDITS = 2

#: How many characters the tables hold, by column; for other columns LONGEST_OTHER.
LONGEST = {
    "givenName": 120, "middleName": 120, "familyName": 120, "preferredGivenName": 120, "name": 200, "title": 200,
    "classCode": 100, "location": 100, "schoolIdentifier": 100, "identifier": 64, "email": 254, "phone": 40, "sms": 40,
    "reason": 200,
}  # fmt: skip
LONGEST_OTHER = 255
#: Lists of identifiers, which are never cut.
ENDLESS = frozenset({"orgSourcedIds", "termSourcedIds", "agentSourcedIds"})
#: Columns whose long values are cut. In others, such as emails and identifiers, a cut value would be a wrong one.
MAY_BE_CUT = frozenset(
    {"title", "name", "givenName", "middleName", "familyName", "preferredGivenName", "location", "reason"}
)


@dataclass(frozen=True)
class Columns:
    """The columns of one kind of file: their names in the order of the values, and which are required.

    `older_names` maps the names of earlier versions of OneRoster to those of today.
    """

    names: tuple[str, ...]
    required: frozenset[str]
    older_names: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def short(self) -> int:
        """The number of characters up to which no value of any column has to be cut."""
        return min(LONGEST.get(name, LONGEST_OTHER) for name in self.names if name not in ENDLESS)

    def find(self, header: Sequence[str], report: Report, line: int) -> tuple[int, ...] | None:
        """Return the position of each of `names` in `header`; `len(header)` for a column that is missing.

        Return None when a required column is missing. Misspelt and repeated columns are reported.
        """
        found = self._exact(header, report, line)
        self._guess(found, header, report, line)
        missing = [name for name in self.names if name in self.required and name not in found]
        for name in missing:
            report.reject(line, name, _("There is no column %(name)s, so this file was not used.", name=name))
        return None if missing else tuple(found.get(name, len(header)) for name in self.names)

    def shorten(self, values: Sequence[str], report: Report, line: int) -> tuple[str, ...]:
        """Return `values` as long as the tables hold them: names are cut, other values left out. Both are reported."""
        return tuple(
            self._fit(value, name, report, line) for name, value in zip(self.names, values, strict=True)
        )

    def _fit(self, value: str, name: str, report: Report, line: int) -> str:
        longest = LONGEST.get(name, LONGEST_OTHER)
        if len(value) <= longest or name in ENDLESS:
            return value
        report.remark(
            line, name, _("Longer than %(longest)s letters; it was cut or left out.", longest=longest)
        )
        return value[:longest].strip() if name in MAY_BE_CUT else ""

    def _exact(self, header: Sequence[str], report: Report, line: int) -> dict[str, int]:
        canonical = {name.lower(): name for name in self.names}
        canonical |= {old.lower(): name for old, name in self.older_names.items()}
        found: dict[str, int] = {}
        for position, title in enumerate(header):
            name = canonical.get(title.strip().lower())
            if name in found:
                report.remark(line, title, _("This column is here twice; the first one was read."))
            elif name:
                found[name] = position
        return found

    def _guess(self, found: dict[str, int], header: Sequence[str], report: Report, line: int) -> None:
        taken = set(found.values())
        for position, title in enumerate(header):
            name = None if position in taken else self._nearest(title, found)
            if name:
                found[name] = position
                report.remark(line, title, _("This column was read as %(name)s.", name=name))

    def _nearest(self, title: str, found: Mapping[str, int]) -> str | None:
        """Return the one missing column whose name `title` misspells; None when there is none, or more than one."""
        if len(title) < SHORTEST_GUESS or len(title) > max(map(len, self.names)) + MOST_EDITS or "." in title:
            return None
        free = [name for name in self.names if name not in found and len(name) >= SHORTEST_GUESS]
        near = [name for name in free if edit_distance(title.lower(), name.lower()) <= MOST_EDITS]
        return near[0] if len(near) == 1 else None


def edit_distance(one: str, other: str) -> int:
    """Return how many letters must be added, removed, replaced or swapped with the next to turn one into the other.

    This is the restricted Damerau-Levenshtein distance.
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
