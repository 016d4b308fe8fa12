"""The sentences about levels say what the policy grants, and the scopes have one order."""

from itertools import product

import pytest

from portal.policy.chart import SUMMARIES, summary_of
from portal.policy.evaluator import always_grants, grants, has_portfolio, lets_in
from portal.policy.permissions import GRANTS, GUARDIAN, AccessLevel, NetworkLevel, Permission, Scope

P, S = Permission, Scope

STAFF_LEVELS = [*AccessLevel, *NetworkLevel]

#: How a sentence says each claim; a claim of None is said with "can’t".
SAID = {
    (P.SIGN_IN, None): "Can’t sign in",
    (P.VIEW_STUDENT, S.SCHOOL): "view all students",
    (P.VIEW_STUDENT, S.CASELOAD): "view caseload students",
    (P.EDIT_STUDENT, S.SCHOOL): "edit all students",
    (P.EDIT_STUDENT, S.CASELOAD): "edit caseload students",
    (P.EDIT_STUDENT, None): "edit student fields",
    (P.ADD_NOTE, S.SCHOOL): "add notes",
    (P.ADD_NOTE, S.CASELOAD): "add notes",
    (P.CREATE_SUPPORT, S.SCHOOL): "create supports",
    (P.CREATE_SUPPORT, None): "create supports",
    (P.MANAGE_USERS, S.SCHOOL): "manage users",
    (P.MANAGE_USERS, None): "manage users",
    (P.VIEW_NETWORK, S.NETWORK): "access network views",
    (P.VIEW_NETWORK, S.PORTFOLIO): "access network views",
    (P.ENTER_SCHOOL, S.NETWORK): "enter every school",
    (P.ENTER_SCHOOL, S.PORTFOLIO): "enter the schools of a portfolio",
    (P.ENTER_SCHOOL, None): "enter one",
}


@pytest.mark.parametrize("level", STAFF_LEVELS, ids=repr)
def test_a_summary_claims_what_the_level_grants(level: AccessLevel | NetworkLevel):
    granted = grants(level)
    claims = SUMMARIES[level].claims

    assert claims
    assert {permission: granted.get(permission) for permission in claims} == claims


@pytest.mark.parametrize("level", STAFF_LEVELS, ids=repr)
def test_a_summary_says_what_it_claims_and_nothing_else_of_the_kind(level: AccessLevel | NetworkLevel):
    can, _comma, cannot = summary_of(level).partition("an’t ")
    claims = SUMMARIES[level].claims

    for (permission, scope), words in SAID.items():
        said = words.removeprefix("Can’t ")
        if scope is None:
            assert (said in cannot) == (claims.get(permission, S.SCHOOL) is None), words
        elif (permission, scope) in claims.items():
            assert said in can, words
        elif not any(SAID.get(claim) == words for claim in claims.items()):
            assert said not in can, words


def test_a_delegated_admin_is_just_like_a_school_admin():
    assert "just like a School Admin" in summary_of(AccessLevel.DELEGATED_ADMIN)
    assert GRANTS[AccessLevel.DELEGATED_ADMIN] == GRANTS[AccessLevel.SCHOOL_ADMIN]


def test_scopes_are_ordered_from_the_account_to_the_network():
    order = [S.OWN_ACCOUNT, S.OWN_STUDENTS, S.CASELOAD, S.SCHOOL, S.PORTFOLIO, S.NETWORK]

    assert set(order) == set(Scope)
    for (place, scope), (other_place, other) in product(enumerate(order), repeat=2):
        assert scope.covers(other) == (place >= other_place), (scope, other)


def test_the_questions_about_a_level_are_answered_by_the_table():
    for level in GRANTS:
        for permission in Permission:
            held = grants(level, restricts_revoking=True).get(permission)
            assert always_grants(level, permission) == (held is not None)
            for scope in Scope:
                assert always_grants(level, permission, scope=scope) == (held is scope)

    assert {level for level in STAFF_LEVELS if not lets_in(level)} == {
        AccessLevel.NO_ACCESS, NetworkLevel.NO_ACCESS,
    }  # fmt: skip
    assert [level for level in GRANTS if has_portfolio(level)] == [NetworkLevel.NETWORK_AND_SCHOOL]
    assert not has_portfolio(GUARDIAN)
