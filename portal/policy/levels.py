"""The access levels, by the names under which they are stored and shown.

What each may do is said in `permissions.py`, and in one sentence for people in `chart.py`.
"""

from enum import StrEnum
from typing import Final, Literal


class AccessLevel(StrEnum):
    """What a staff account may do at one school. The value is stored, the label is on screen."""

    SCHOOL_ADMIN = "school_admin"
    DELEGATED_ADMIN = "delegated_admin"
    SCHOOL_WIDE_EDITOR = "school_wide_editor"
    SCHOOL_WIDE_VIEWER = "school_wide_viewer"
    CASELOAD_EDITOR = "caseload_editor"
    CASELOAD_VIEWER = "caseload_viewer"
    NO_ACCESS = "no_access"

    @property
    def label(self) -> str:
        """The level as it is called on screen."""
        return self.replace("_", " ").title()


class NetworkLevel(StrEnum):
    """What a staff account may do at one network."""

    NETWORK_ADMIN = "network_admin"
    NETWORK_AND_SCHOOL = "network_and_school_level"
    NETWORK_ONLY = "network_level_only"
    NO_ACCESS = "no_network_access"

    @property
    def label(self) -> str:
        """The level as it is called on screen."""
        return _NETWORK_LABELS[self]


_NETWORK_LABELS: Final = {
    NetworkLevel.NETWORK_ADMIN: "Network Admin",
    NetworkLevel.NETWORK_AND_SCHOOL: "Network & School Level",
    NetworkLevel.NETWORK_ONLY: "Network Level Only",
    NetworkLevel.NO_ACCESS: "No Access",
}

#: From the most to the least, as lists offer them.
SCHOOL_LEVELS: Final = tuple(AccessLevel)
NETWORK_LEVELS: Final = tuple(NetworkLevel)
StaffLevel = AccessLevel | NetworkLevel

GUARDIAN: Final = "guardian"
Level = StaffLevel | Literal["guardian"]

#: Never chosen on a form: they come with the staff file or from the operator (rule B2).
APPOINTED: Final[frozenset[Level]] = frozenset({AccessLevel.SCHOOL_ADMIN, NetworkLevel.NETWORK_ADMIN})


def label_of(level: Level) -> str:
    """Return the level as it stands on screen."""
    return "Guardian" if level == GUARDIAN else level.label


def level_named(value: str) -> StaffLevel:
    """Return the level that is stored as `value`. Raises ValueError when there is none."""
    return AccessLevel(value) if value in set(AccessLevel) else NetworkLevel(value)
