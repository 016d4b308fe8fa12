"""The policy in words for people: rendered from the table, so that no second copy of it exists."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from portal.policy.evaluator import Grant, grants_of
from portal.policy.levels import NETWORK_LEVELS, SCHOOL_LEVELS, AccessLevel, NetworkLevel, StaffLevel
from portal.policy.permissions import GRANTS, Condition, Permission, Scope
from portal.text.language import LazyString
from portal.text.language import lazy_gettext as _

P, S = Permission, Scope

#: What each permission lets staff do, in the order in which people ask; the rest is for guardians.
WORDS: Mapping[Permission, LazyString] = {
    P.SIGN_IN: _("Sign in"),
    P.VIEW_NETWORK: _("See network views"),
    P.ENTER_SCHOOL: _("Enter a school"),
    P.VIEW_STUDENT: _("View students"),
    P.EDIT_STUDENT: _("Edit student fields"),
    P.VIEW_NOTES: _("Read notes"),
    P.ADD_NOTE: _("Add notes"),
    P.CREATE_SUPPORT: _("Create supports"),
    P.LEAD_SUPPORT: _("Be offered as lead of a support"),
    P.BE_POINT_PERSON: _("Be offered as point person"),
    P.MANAGE_CODES: _("See, enable, reset, print and email access codes"),
    P.VIEW_GUARDIANS: _("See the guardian list"),
    P.REVOKE_GUARDIAN: _("Revoke a guardian"),
    P.RESTRICT_GUARDIAN: _("Restrict a guardian for a student"),
    P.VIEW_DASHBOARD: _("See dashboards"),
    P.MANAGE_USERS: _("Manage users"),
    P.EDIT_SETTINGS: _("Change the school’s settings"),
    P.IMPORT_ROSTER: _("Import rosters"),
    P.MANAGE_NETWORK_USERS: _("Manage network users"),
    P.EDIT_NETWORK: _("Change the network’s settings"),
    P.MANAGE_OWN_ACCOUNT: _("Change their own account"),
}

_REACH: Mapping[Scope, LazyString] = {
    S.CASELOAD: _("Caseload"),
    S.PORTFOLIO: _("Portfolio"),
    S.NETWORK: _("All schools"),
}


class LevelSummary(NamedTuple):
    """One sentence about a level, and what it claims of the policy: how far, or none for what is not granted.

    A test compares the claims with the policy, and the sentence with the claims.
    """

    sentence: str
    claims: Mapping[Permission, Scope | None]


#: In the words of the product's own table of levels.
SUMMARIES: Mapping[StaffLevel, LevelSummary] = {
    AccessLevel.SCHOOL_ADMIN: LevelSummary(
        "Can edit all students, create supports, and manage users. "
        "Comes with being the principal in the staff file.",
        {P.EDIT_STUDENT: S.SCHOOL, P.CREATE_SUPPORT: S.SCHOOL, P.MANAGE_USERS: S.SCHOOL},
    ),
    AccessLevel.DELEGATED_ADMIN: LevelSummary(
        "Can edit all students, create supports, and manage users, just like a School Admin.",
        {P.EDIT_STUDENT: S.SCHOOL, P.CREATE_SUPPORT: S.SCHOOL, P.MANAGE_USERS: S.SCHOOL},
    ),
    AccessLevel.SCHOOL_WIDE_EDITOR: LevelSummary(
        "Can edit all students and create supports, but can’t manage users.",
        {P.EDIT_STUDENT: S.SCHOOL, P.CREATE_SUPPORT: S.SCHOOL, P.MANAGE_USERS: None},
    ),
    AccessLevel.SCHOOL_WIDE_VIEWER: LevelSummary(
        "Can view all students and add notes, but can’t edit student fields.",
        {P.VIEW_STUDENT: S.SCHOOL, P.ADD_NOTE: S.SCHOOL, P.EDIT_STUDENT: None},
    ),
    AccessLevel.CASELOAD_EDITOR: LevelSummary(
        "Can edit caseload students, but can’t create supports or manage users.",
        {P.EDIT_STUDENT: S.CASELOAD, P.CREATE_SUPPORT: None, P.MANAGE_USERS: None},
    ),
    AccessLevel.CASELOAD_VIEWER: LevelSummary(
        "Can view caseload students and add notes, but can’t edit student fields.",
        {P.VIEW_STUDENT: S.CASELOAD, P.ADD_NOTE: S.CASELOAD, P.EDIT_STUDENT: None},
    ),
    AccessLevel.NO_ACCESS: LevelSummary(
        "Can’t sign in. Everyone new on the staff file begins here.",
        {P.SIGN_IN: None},
    ),
    NetworkLevel.NETWORK_ADMIN: LevelSummary(
        "Can access network views and enter every school. Given by the operator.",
        {P.VIEW_NETWORK: S.NETWORK, P.ENTER_SCHOOL: S.NETWORK},
    ),
    NetworkLevel.NETWORK_AND_SCHOOL: LevelSummary(
        "Can access network views and enter the schools of a portfolio.",
        {P.VIEW_NETWORK: S.PORTFOLIO, P.ENTER_SCHOOL: S.PORTFOLIO},
    ),
    NetworkLevel.NETWORK_ONLY: LevelSummary(
        "Can access network views for all schools, but can’t enter one.",
        {P.VIEW_NETWORK: S.NETWORK, P.ENTER_SCHOOL: None},
    ),
    NetworkLevel.NO_ACCESS: LevelSummary(
        "Can’t sign in.",
        {P.SIGN_IN: None},
    ),
}


class LevelColumn(NamedTuple):
    """One access level: what it is called and what it is for."""

    label: str
    summary: str


class PermissionRow(NamedTuple):
    """One thing that may be done, and how far each level in turn may; none where it may not."""

    label: LazyString
    cells: list[LazyString | None]


class Chart(NamedTuple):
    """What each of several levels may do, as a table."""

    columns: list[LevelColumn]
    rows: list[PermissionRow]


def charts() -> tuple[Chart, Chart]:
    """Return what the levels at a school grant, and those at a network."""
    return _chart(SCHOOL_LEVELS), _chart(NETWORK_LEVELS)


def summary_of(level: StaffLevel) -> str:
    """Return in one sentence what `level` is for."""
    return SUMMARIES[level].sentence


def _chart(levels: Sequence[StaffLevel]) -> Chart:
    columns = [LevelColumn(level.label, summary_of(level)) for level in levels]
    held = [{grant.permission: grant for grant in grants_of(level)} for level in levels]
    rows = [
        PermissionRow(label, [_cell(grants.get(permission)) for grants in held])
        for permission, label in WORDS.items()
    ]
    return Chart(columns, [row for row in rows if any(row.cells)])


def _cell(grant: Grant | None) -> LazyString | None:
    """Return how far a grant reaches; "Yes" where no level has it for less."""
    if grant is None:
        return None
    if grant.condition is not None and grant.condition in _CONDITIONS:
        return _CONDITIONS[grant.condition]
    reach = _REACH.get(grant.scope) or (_("All students") if grant.permission in _BY_STUDENT else _("Yes"))
    is_kept = grant.condition is Condition.NOT_KEPT_FOR_ADMINS
    return _("%(reach)s, unless the school keeps it for admins", reach=reach) if is_kept else reach


#: What is held under a condition only says which.
_CONDITIONS: Mapping[Condition, LazyString] = {
    Condition.CAN_MANAGE_USERS: _("With “Can Manage Users”"),
    Condition.NOTES_ARE_READ: _("Where the network allows it"),
}

#: What some level grants for a caseload only: there a whole school says more than yes.
_BY_STUDENT = {
    permission for granted in GRANTS.values() for permission, scope in granted.items() if scope is S.CASELOAD
}
