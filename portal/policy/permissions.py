"""Who may do what, and how far. These tables are the whole policy; `evaluator.py` evaluates them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from portal.policy.levels import APPOINTED as APPOINTED
from portal.policy.levels import GUARDIAN as GUARDIAN
from portal.policy.levels import SCHOOL_LEVELS as SCHOOL_LEVELS
from portal.policy.levels import AccessLevel as AccessLevel
from portal.policy.levels import Level as Level
from portal.policy.levels import NetworkLevel as NetworkLevel
from portal.policy.levels import StaffLevel as StaffLevel
from portal.policy.levels import level_named as level_named


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
    """How far a grant reaches, in order from the narrowest to the widest."""

    OWN_ACCOUNT = "own account"
    OWN_STUDENTS = "own students"
    CASELOAD = "caseload"
    SCHOOL = "school"
    PORTFOLIO = "portfolio"
    NETWORK = "network"

    def covers(self, other: "Scope") -> bool:
        """Return whether this scope reaches as far as `other` or farther."""
        return _NARROW_TO_WIDE.index(self) >= _NARROW_TO_WIDE.index(other)


_NARROW_TO_WIDE: Final = tuple(Scope)


class Reach(NamedTuple):
    """One scope, and the ids of the schools (for caseload and school) or networks it is held at."""

    scope: Scope
    places: frozenset[int]

    def is_at_school(self, school_id: int) -> bool:
        """Return whether it is held at that school by working there. (The ids of networks are numbers, too.)"""
        return self.scope in (Scope.CASELOAD, Scope.SCHOOL) and school_id in self.places

    def is_at_network(self, network_id: int) -> bool:
        """Return whether it is held at that network, for all of its schools or a portfolio."""
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


class Condition(StrEnum):
    """A setting on which a grant depends. The value is what `show-policy` prints."""

    CAN_MANAGE_USERS = "with Can Manage Users"
    NOTES_ARE_READ = "where the network lets its users read notes"
    NOT_KEPT_FOR_ADMINS = "unless the school keeps it for its admins"


#: What a level is granted besides, where the condition is met.
ADDED: Mapping[Condition, Mapping[Level, Mapping[Permission, Scope]]] = {
    Condition.CAN_MANAGE_USERS: {
        NetworkLevel.NETWORK_AND_SCHOOL: {P.MANAGE_NETWORK_USERS: S.NETWORK},
        NetworkLevel.NETWORK_ONLY: {P.MANAGE_NETWORK_USERS: S.NETWORK},
    },
    Condition.NOTES_ARE_READ: {
        NetworkLevel.NETWORK_ADMIN: {P.VIEW_NOTES: S.NETWORK},
        NetworkLevel.NETWORK_AND_SCHOOL: {P.VIEW_NOTES: S.PORTFOLIO},
    },
}

#: Lost by the levels that do not manage users, where the school keeps these for its admins.
KEPT_FOR_ADMINS: Final = frozenset({P.REVOKE_GUARDIAN, P.RESTRICT_GUARDIAN})
