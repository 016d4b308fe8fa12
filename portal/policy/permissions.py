"""Who may do what, and how far. This table is the whole policy."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Literal, NamedTuple

from portal.policy.levels import SCHOOL_LEVELS as SCHOOL_LEVELS
from portal.policy.levels import AccessLevel as AccessLevel
from portal.policy.levels import NetworkLevel as NetworkLevel
from portal.policy.levels import StaffLevel as StaffLevel

GUARDIAN: Final = "guardian"
Level = AccessLevel | NetworkLevel | Literal["guardian"]


def label_of(level: Level) -> str:
    """The level as it stands on screen."""
    return "Guardian" if level == GUARDIAN else level.label


class Permission(StrEnum):
    """One thing that may be done. The value is what the record of events and `show-policy` print."""

    SIGN_IN = "sign in"
    ENTER_SCHOOL = "school: enter"
    VIEW_CHILD = "child: view"
    ADD_CHILD = "child: add"
    LEAVE_CHILD = "child: leave"
    MANAGE_OWN_ACCOUNT = "own account: manage"
    VIEW_STUDENT = "student: view"
    EDIT_STUDENT = "student: edit"
    VIEW_NOTES = "note: view"
    ADD_NOTE = "note: add"
    CREATE_SUPPORT = "support: create"
    LEAD_SUPPORT = "support: be offered as lead"
    BE_POINT_PERSON = "point person: be offered"
    MANAGE_CODES = "access code: see, enable, reset, print, email"
    VIEW_GUARDIANS = "guardian: list"
    REVOKE_GUARDIAN = "guardian: revoke"
    RESTRICT_GUARDIAN = "guardian: restrict"
    MANAGE_USERS = "user: manage"
    VIEW_DASHBOARD = "dashboard: view"
    EDIT_SETTINGS = "school settings: edit"
    IMPORT_ROSTER = "roster: import"
    VIEW_NETWORK = "network: view"
    MANAGE_NETWORK_USERS = "network user: manage"
    EDIT_NETWORK = "network settings: edit"


class Scope(StrEnum):
    """How far a grant reaches."""

    OWN_ACCOUNT = "own account"
    OWN_STUDENTS = "own students"
    CASELOAD = "caseload"
    SCHOOL = "school"
    PORTFOLIO = "portfolio"
    NETWORK = "network"


class Reach(NamedTuple):
    """One scope, and the ids of the schools (for caseload and school) or networks it is held at."""

    scope: Scope
    places: frozenset[int]

    def is_at_school(self, school_id: int) -> bool:
        """Whether it is held at that school by working there; the ids of networks are numbers, too."""
        return self.scope in (Scope.CASELOAD, Scope.SCHOOL) and school_id in self.places

    def is_at_network(self, network_id: int) -> bool:
        """Whether it is held at that network, for all of its schools or a portfolio."""
        return self.scope in (Scope.PORTFOLIO, Scope.NETWORK) and network_id in self.places


P, S = Permission, Scope

_EVERYBODY = {P.SIGN_IN: S.OWN_ACCOUNT, P.MANAGE_OWN_ACCOUNT: S.OWN_ACCOUNT}

_CASELOAD_VIEWER = _EVERYBODY | {
    P.ENTER_SCHOOL: S.SCHOOL,
    P.VIEW_STUDENT: S.CASELOAD,
    P.VIEW_NOTES: S.CASELOAD,
    P.ADD_NOTE: S.CASELOAD,
    P.VIEW_GUARDIANS: S.CASELOAD,
    P.LEAD_SUPPORT: S.SCHOOL,
}
_CASELOAD_EDITOR = _CASELOAD_VIEWER | {
    P.EDIT_STUDENT: S.CASELOAD,
    P.MANAGE_CODES: S.CASELOAD,
    P.REVOKE_GUARDIAN: S.CASELOAD,
    P.RESTRICT_GUARDIAN: S.CASELOAD,
    P.BE_POINT_PERSON: S.SCHOOL,
}
_SCHOOL_WIDE_VIEWER = _EVERYBODY | {
    P.ENTER_SCHOOL: S.SCHOOL,
    P.VIEW_STUDENT: S.SCHOOL,
    P.VIEW_NOTES: S.SCHOOL,
    P.ADD_NOTE: S.SCHOOL,
    P.VIEW_GUARDIANS: S.SCHOOL,
    P.VIEW_DASHBOARD: S.SCHOOL,
    P.LEAD_SUPPORT: S.SCHOOL,
}
_SCHOOL_WIDE_EDITOR = _SCHOOL_WIDE_VIEWER | {
    P.EDIT_STUDENT: S.SCHOOL,
    P.CREATE_SUPPORT: S.SCHOOL,
    P.MANAGE_CODES: S.SCHOOL,
    P.REVOKE_GUARDIAN: S.SCHOOL,
    P.RESTRICT_GUARDIAN: S.SCHOOL,
    P.BE_POINT_PERSON: S.SCHOOL,
}
_ADMIN = _SCHOOL_WIDE_EDITOR | {
    P.MANAGE_USERS: S.SCHOOL,
    P.EDIT_SETTINGS: S.SCHOOL,
    P.IMPORT_ROSTER: S.SCHOOL,
}

GRANTS: Mapping[Level, Mapping[Permission, Scope]] = {
    GUARDIAN: _EVERYBODY
    | {
        P.VIEW_CHILD: S.OWN_STUDENTS,
        P.ADD_CHILD: S.OWN_ACCOUNT,
        P.LEAVE_CHILD: S.OWN_STUDENTS,
    },
    AccessLevel.SCHOOL_ADMIN: _ADMIN,
    AccessLevel.DELEGATED_ADMIN: _ADMIN,
    AccessLevel.SCHOOL_WIDE_EDITOR: _SCHOOL_WIDE_EDITOR,
    AccessLevel.SCHOOL_WIDE_VIEWER: _SCHOOL_WIDE_VIEWER,
    AccessLevel.CASELOAD_EDITOR: _CASELOAD_EDITOR,
    AccessLevel.CASELOAD_VIEWER: _CASELOAD_VIEWER,
    AccessLevel.NO_ACCESS: {},
    NetworkLevel.NETWORK_ADMIN: _EVERYBODY
    | {
        P.VIEW_NETWORK: S.NETWORK,
        P.ENTER_SCHOOL: S.NETWORK,
        P.VIEW_STUDENT: S.NETWORK,
        P.VIEW_GUARDIANS: S.NETWORK,
        P.VIEW_DASHBOARD: S.NETWORK,
        P.IMPORT_ROSTER: S.NETWORK,
        P.MANAGE_NETWORK_USERS: S.NETWORK,
        P.EDIT_NETWORK: S.NETWORK,
    },
    NetworkLevel.NETWORK_AND_SCHOOL: _EVERYBODY
    | {
        P.VIEW_NETWORK: S.PORTFOLIO,
        P.ENTER_SCHOOL: S.PORTFOLIO,
        P.VIEW_STUDENT: S.PORTFOLIO,
        P.VIEW_GUARDIANS: S.PORTFOLIO,
        P.VIEW_DASHBOARD: S.PORTFOLIO,
    },
    NetworkLevel.NETWORK_ONLY: _EVERYBODY | {P.VIEW_NETWORK: S.NETWORK},
    NetworkLevel.NO_ACCESS: {},
}

#: Added for a network user who was given "Can Manage Users".
GRANTED_WITH_CAN_MANAGE_USERS: Mapping[Level, Mapping[Permission, Scope]] = {
    NetworkLevel.NETWORK_AND_SCHOOL: {P.MANAGE_NETWORK_USERS: S.NETWORK},
    NetworkLevel.NETWORK_ONLY: {P.MANAGE_NETWORK_USERS: S.NETWORK},
}

#: Added where a network lets its users read the notes inside a school.
GRANTED_WHERE_NOTES_ARE_READ: Mapping[Level, Mapping[Permission, Scope]] = {
    NetworkLevel.NETWORK_ADMIN: {P.VIEW_NOTES: S.NETWORK},
    NetworkLevel.NETWORK_AND_SCHOOL: {P.VIEW_NOTES: S.PORTFOLIO},
}

#: Never chosen on a form: they come with the staff file or from the operator.
APPOINTED: Final[frozenset[Level]] = frozenset({AccessLevel.SCHOOL_ADMIN, NetworkLevel.NETWORK_ADMIN})

#: Kept for the levels that manage users where the school restricts revoking to its admins.
RESTRICTED_TO_ADMINS: Final = frozenset({P.REVOKE_GUARDIAN, P.RESTRICT_GUARDIAN})


def grants(
    level: Level,
    *,
    can_manage_users: bool = False,
    reads_notes: bool = False,
    restricts_revoking: bool = False,
) -> Mapping[Permission, Scope]:
    """What `level` grants, with the settings that widen or narrow it."""
    granted = dict(GRANTS[level])
    if can_manage_users:
        granted |= GRANTED_WITH_CAN_MANAGE_USERS.get(level, {})
    if reads_notes:
        granted |= GRANTED_WHERE_NOTES_ARE_READ.get(level, {})
    if restricts_revoking and P.MANAGE_USERS not in granted:
        granted = {permission: granted[permission] for permission in granted.keys() - RESTRICTED_TO_ADMINS}
    return granted


def level_named(value: str) -> StaffLevel:
    """The level that is stored as `value`."""
    return AccessLevel(value) if value in set(AccessLevel) else NetworkLevel(value)
