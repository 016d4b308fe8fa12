"""Rule B4 once more: what a later file may not undo, and what it leaves behind in the record."""

import pytest
from sqlalchemy import func, select

from portal import clock, db
from portal.models import Event, EventKind, Membership, SignIn
from portal.models.users.filter import UserFilter
from portal.models.users.level_change import change_level, deactivate
from portal.models.users.list import users_of
from portal.policy.delegation import Access
from portal.policy.permissions import AccessLevel
from tests.roster.bundles import PEDAGOGUES
from tests.roster.test_staff import imported, levels, staff

__all__ = ["imported"]  # a fixture

L = AccessLevel
#: Otto is principal of Lincoln in place of Hana.
SUCCESSION = PEDAGOGUES.replace("Secretary,LIN,no", "Principal,LIN,yes").replace(
    "Principal,LIN,yes", "Teacher,LIN,no", 1
)


def at_work(name: str) -> Membership:
    return db.session.scalars(select(Membership).where(Membership.staff_id == staff(name).id)).one()


def level_events() -> list[dict[str, str]]:
    rows = select(Event.details).where(Event.kind == EventKind.LEVEL_CHANGED.value).order_by(Event.id)
    return [{name: each[name] for name in ("old", "new")} for each in db.session.scalars(rows)]


def test_the_record_says_what_it_was_and_what_it_is(imported):
    imported(PEDAGOGUES)
    imported(SUCCESSION)

    assert level_events()[2:] == [
        {"old": "no_access", "new": "school_admin"},
        {"old": "school_admin", "new": "no_access"},
    ]


def test_somebody_deactivated_by_an_admin_stays_so(imported):
    imported(PEDAGOGUES)
    with db.writing():
        change_level(at_work("otto"), Access(L.CASELOAD_EDITOR), by=staff("hana"))
        deactivate(at_work("otto"), by=staff("hana"))

    imported(PEDAGOGUES.replace("Secretary", "Clerk"))

    assert levels()["otto", "LIN"] == L.NO_ACCESS.value


def test_the_former_principal_is_signed_out(imported):
    imported(PEDAGOGUES)
    with db.writing():
        SignIn.start(staff("hana"), browser=None, address=None)

    imported(SUCCESSION)

    assert db.session.scalar(select(func.count(SignIn.id))) == 0


def test_a_review_that_is_over_is_not_begun_again_by_the_same_file(imported):
    imported(PEDAGOGUES)
    imported(SUCCESSION)
    with db.writing():
        change_level(at_work("hana"), Access(L.SCHOOL_WIDE_EDITOR), by=staff("otto"))

    done = imported(SUCCESSION)

    assert done.changes == 0
    assert at_work("hana").review_since is None
    assert levels()["hana", "LIN"] == L.SCHOOL_WIDE_EDITOR.value


def test_a_blocked_account_named_as_principal_is_reported_and_the_school_keeps_its_admin(imported):
    imported(PEDAGOGUES)
    with db.writing():
        staff("otto").closed_at = clock.now()

    done = imported(SUCCESSION)

    assert levels()["otto", "LIN"] == L.NO_ACCESS.value
    assert levels()["hana", "LIN"] == L.SCHOOL_ADMIN.value
    assert any("blocked" in problem.sentence for problem in done.problems)


def test_a_title_given_by_hand_is_not_overwritten(imported):
    imported(PEDAGOGUES)
    with db.writing():
        at_work("otto").rename("Front office", by=staff("hana"))

    imported(PEDAGOGUES.replace("Secretary", "Clerk"))

    assert (at_work("otto").title, staff("otto").title) == ("Front office", "Clerk")


@pytest.mark.parametrize(
    ("words", "is_found"), [("lindquist", True), ("new.address", True), ("otto@", False)]
)
def test_a_new_name_or_email_is_found_in_user_management(imported, words, is_found):
    imported(PEDAGOGUES)
    imported(PEDAGOGUES.replace("Otto,Lind", "Otto,Lindquist").replace("otto@", "new.address@"))

    page = users_of(at_work("hana").school, UserFilter(words=words), by=staff("hana"))

    assert [line.family_name for line in page.lines] == ["Lindquist"] * is_found
