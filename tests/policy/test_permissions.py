"""The policy, written down a second time by hand from the tables of the access levels, and compared."""

import pytest

from portal import db
from portal.commands.policy import policy_lines
from portal.models import Membership
from portal.policy.evaluator import grants
from portal.policy.permissions import (
    ADDED,
    GRANTS,
    GUARDIAN,
    AccessLevel,
    Condition,
    NetworkLevel,
    Permission,
)
from tests import rows

P = Permission

#: One column a school level, in the order of AccessLevel; "-" for nothing.
AT_A_SCHOOL = """
                     School    Delegated School Wide School Wide Caseload  Caseload  No
                     Admin     Admin     Editor      Viewer      Editor    Viewer    Access
SIGN_IN              account   account   account     account     account   account   -
MANAGE_OWN_ACCOUNT   account   account   account     account     account   account   -
ENTER_SCHOOL         school    school    school      school      school    school    -
VIEW_STUDENT         school    school    school      school      caseload  caseload  -
EDIT_STUDENT         school    school    school      -           caseload  -         -
VIEW_NOTES           school    school    school      school      caseload  caseload  -
ADD_NOTE             school    school    school      school      caseload  caseload  -
CREATE_SUPPORT       school    school    school      -           -         -         -
LEAD_SUPPORT         school    school    school      school      school    school    -
BE_POINT_PERSON      school    school    school      -           school    -         -
MANAGE_USERS         school    school    -           -           -         -         -
VIEW_DASHBOARD       school    school    school      school      -         -         -
MANAGE_CODES         school    school    school      -           caseload  -         -
VIEW_GUARDIANS       school    school    school      school      caseload  caseload  -
REVOKE_GUARDIAN      school    school    school      -           caseload  -         -
RESTRICT_GUARDIAN    school    school    school      -           caseload  -         -
EDIT_SETTINGS        school    school    -           -           -         -         -
IMPORT_ROSTER        school    school    -           -           -         -         -
"""

#: One column a network level, in the order of NetworkLevel.
AT_A_NETWORK = """
                     Network   Network &     Network     No
                     Admin     School Level  Level Only  Access
SIGN_IN              account   account       account     -
MANAGE_OWN_ACCOUNT   account   account       account     -
VIEW_NETWORK         network   portfolio     network     -
ENTER_SCHOOL         network   portfolio     -           -
VIEW_STUDENT         network   portfolio     -           -
VIEW_GUARDIANS       network   portfolio     -           -
VIEW_DASHBOARD       network   portfolio     -           -
IMPORT_ROSTER        network   -             -           -
MANAGE_NETWORK_USERS network   -             -           -
EDIT_NETWORK         network   -             -           -
"""

OF_A_GUARDIAN = {
    P.SIGN_IN: "own account",
    P.MANAGE_OWN_ACCOUNT: "own account",
    P.ADD_CHILD: "own account",
    P.VIEW_CHILD: "own students",
    P.LEAVE_CHILD: "own students",
}

ADMINS = {AccessLevel.SCHOOL_ADMIN, AccessLevel.DELEGATED_ADMIN}


def _column(table: str, number: int) -> dict[str, str]:
    """What the table's column grants: the permission's name → the scope."""
    lines = [line.split() for line in table.splitlines()[3:]]
    words = {"account": "own account"}
    return {line[0]: words.get(line[number], line[number]) for line in lines if line[number] != "-"}


def _granted(level: str, **settings: bool) -> dict[str, str]:
    return {permission.name: scope.value for permission, scope in grants(level, **settings).items()}


@pytest.mark.parametrize(("number", "level"), [*enumerate(AccessLevel, start=1)])
def test_a_school_level_grants_what_the_table_says(number: int, level: AccessLevel):
    assert _granted(level) == _column(AT_A_SCHOOL, number)


@pytest.mark.parametrize(("number", "level"), [*enumerate(NetworkLevel, start=1)])
def test_a_network_level_grants_what_the_table_says(number: int, level: NetworkLevel):
    assert _granted(level) == _column(AT_A_NETWORK, number)


def test_a_guardian_is_granted_their_own_students_and_account_and_nothing_else():
    assert {permission: scope.value for permission, scope in grants(GUARDIAN).items()} == OF_A_GUARDIAN


def test_a_guardian_and_staff_share_nothing_but_their_own_account():
    of_staff = {
        permission for level, granted in GRANTS.items() if level != GUARDIAN for permission in granted
    }

    assert of_staff & set(OF_A_GUARDIAN) == {P.SIGN_IN, P.MANAGE_OWN_ACCOUNT}


def test_every_permission_is_granted_to_somebody():
    assert {permission for granted in GRANTS.values() for permission in granted} == set(Permission)


def test_network_users_are_managed_by_others_than_network_admins_only_with_can_manage_users():
    with_it = {level for level in GRANTS if P.MANAGE_NETWORK_USERS in grants(level, can_manage_users=True)}

    assert with_it == set(NetworkLevel) - {NetworkLevel.NO_ACCESS}
    added = ADDED[Condition.CAN_MANAGE_USERS]
    assert set(added) == {NetworkLevel.NETWORK_AND_SCHOOL, NetworkLevel.NETWORK_ONLY}


@pytest.mark.parametrize("can_manage_users", [False, True])
@pytest.mark.parametrize("permission", [P.REVOKE_GUARDIAN, P.RESTRICT_GUARDIAN])
def test_where_revoking_is_restricted_only_admins_of_the_school_revoke_and_restrict(
    can_manage_users: bool, permission: Permission
):
    settings = {"restricts_revoking": True, "can_manage_users": can_manage_users}

    assert {level for level in GRANTS if permission in grants(level, **settings)} == ADMINS


@pytest.mark.parametrize("level", [*GRANTS])
def test_restricting_revoking_takes_nothing_else_away(level: str):
    lost = set(grants(level)) - set(grants(level, restricts_revoking=True))

    assert lost <= {P.REVOKE_GUARDIAN, P.RESTRICT_GUARDIAN}


@pytest.mark.parametrize("level", [AccessLevel.NO_ACCESS, NetworkLevel.NO_ACCESS])
def test_no_access_grants_nothing_whatever_the_settings(level: str):
    assert grants(level, can_manage_users=True) == {}


def test_what_was_granted_cannot_be_changed_through_the_answer():
    dict(grants(GUARDIAN)).clear()
    grants(AccessLevel.CASELOAD_VIEWER).pop(P.SIGN_IN)  # type: ignore[attr-defined]

    assert P.SIGN_IN in grants(AccessLevel.CASELOAD_VIEWER)


def test_levels_are_called_on_screen_as_the_rules_call_them():
    assert [level.label for level in AccessLevel] == [
        "School Admin", "Delegated Admin", "School Wide Editor", "School Wide Viewer",
        "Caseload Editor", "Caseload Viewer", "No Access",
    ]  # fmt: skip
    assert [level.label for level in NetworkLevel] == [
        "Network Admin", "Network & School Level", "Network Level Only", "No Access",
    ]  # fmt: skip


def test_the_printed_policy_names_every_grant_once():
    printed = [line for line in policy_lines() if line.startswith("  ") and "nothing" not in line]
    tables = (GRANTS, *ADDED.values())
    granted = sum(len(granted) for table in tables for granted in table.values())

    assert len(printed) == granted
    assert sum("unless the school keeps it" in line for line in printed) == 4


def test_a_restriction_at_one_school_leaves_the_other_school_alone(app):
    strict, free = rows.school("Lincoln"), rows.school("Roosevelt")
    editor = rows.staff(strict)
    rows.stored(Membership(staff_id=editor.id, school_id=free.id, level=AccessLevel.SCHOOL_WIDE_EDITOR.value))
    with db.writing():
        strict.restricts_revoking = True

    (reach,) = editor.reaches(P.REVOKE_GUARDIAN)

    assert reach.places == {free.id}


def test_levels_at_two_schools_do_not_lend_each_other_reach(app):
    lincoln, roosevelt = rows.school("Lincoln"), rows.school("Roosevelt")
    mia, sam = rows.student(lincoln), rows.student(roosevelt, "Sam Stone")
    editor = rows.staff(lincoln, AccessLevel.SCHOOL_WIDE_EDITOR)
    rows.stored(
        Membership(staff_id=editor.id, school_id=roosevelt.id, level=AccessLevel.SCHOOL_WIDE_VIEWER.value)
    )

    assert editor.may(P.VIEW_STUDENT, sam)
    assert editor.may(P.MANAGE_CODES, mia)
    assert not editor.may(P.MANAGE_CODES, sam)
