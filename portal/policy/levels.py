"""The access levels: what they are called on screen, and in one sentence what each is for.

What they may do is said in `permissions.py` and nowhere else.
"""

from enum import StrEnum
from typing import Final


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
        return self.replace("_", " ").title()

    @property
    def summary(self) -> str:
        return _SUMMARIES[self]


class NetworkLevel(StrEnum):
    """What a staff account may do at one network."""

    NETWORK_ADMIN = "network_admin"
    NETWORK_AND_SCHOOL = "network_and_school_level"
    NETWORK_ONLY = "network_level_only"
    NO_ACCESS = "no_network_access"

    @property
    def label(self) -> str:
        return _NETWORK_LABELS[self]

    @property
    def summary(self) -> str:
        return _NETWORK_SUMMARIES[self]


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

#: In the words of the product's own table of levels.
_SUMMARIES: Final = {
    AccessLevel.SCHOOL_ADMIN: (
        "Can edit all students, create supports, and manage users. "
        "Comes with being the principal in the staff file."
    ),
    AccessLevel.DELEGATED_ADMIN: "Can edit all students, create supports, and manage users, just like a School Admin.",
    AccessLevel.SCHOOL_WIDE_EDITOR: "Can edit all students and create supports, but can’t manage users.",
    AccessLevel.SCHOOL_WIDE_VIEWER: "Can view all students and add notes, but can’t edit student fields.",
    AccessLevel.CASELOAD_EDITOR: "Can edit caseload students, but can’t create supports or manage users.",
    AccessLevel.CASELOAD_VIEWER: "Can view caseload students and add notes, but can’t edit student fields.",
    AccessLevel.NO_ACCESS: "Can’t sign in. Everyone new on the staff file begins here.",
}

_NETWORK_SUMMARIES: Final = {
    NetworkLevel.NETWORK_ADMIN: "Can access network views and enter every school. Given by the operator.",
    NetworkLevel.NETWORK_AND_SCHOOL: "Can access network views and enter the schools of a portfolio.",
    NetworkLevel.NETWORK_ONLY: "Can access network views for all schools, but can’t enter one.",
    NetworkLevel.NO_ACCESS: "Can’t sign in.",
}
