"""Who may change whose access level: rules B1, B2, B5, B8 and B20."""

from itertools import product

import pytest
from sqlalchemy import func, select

from portal import clock, db
from portal.db import Refused
from portal.models import Event, EventKind, Membership, OutboxMessage, SignIn, Staff
from portal.models.users.level_change import change_level, deactivate
from portal.policy.delegation import Access, grantable
from portal.policy.permissions import GRANTS, AccessLevel, Permission
from tests import elsewhere, rows

L = AccessLevel

#: Written by hand: what both kinds of admin may give, to everybody but a School Admin and themself.
BY_ADMINS = {
    L.DELEGATED_ADMIN, L.SCHOOL_WIDE_EDITOR, L.SCHOOL_WIDE_VIEWER, L.CASELOAD_EDITOR, L.CASELOAD_VIEWER,
    L.NO_ACCESS,
}  # fmt: skip
MAY_GIVE = {level: BY_ADMINS if level in {L.SCHOOL_ADMIN, L.DELEGATED_ADMIN} else set() for level in L}


def member(school, level: AccessLevel, name: str = "Ada Stone") -> Membership:
    staff = rows.staff(school, level, name)
    return db.session.scalars(select(Membership).filter_by(staff_id=staff.id)).one()


def events(kind: EventKind) -> list[Event]:
    return list(db.session.scalars(select(Event).where(Event.kind == kind.value).order_by(Event.id)))


@pytest.fixture
def school(app):
    return rows.school()


@pytest.fixture
def hana(school) -> Staff:
    return rows.staff(school, L.SCHOOL_ADMIN, "Hana Novak")


@pytest.mark.parametrize(("own", "held"), list(product(L, L)), ids=str)
def test_every_pair_of_levels_and_every_level_given(app, own, held):
    school = rows.school()
    editor = rows.staff(school, own, "Del Editor")
    for number, to in enumerate(L):
        person = member(school, held, f"Ada{number} Stone")
        is_allowed = held is not L.SCHOOL_ADMIN and to in MAY_GIVE[own]
        try:
            with db.writing():
                change_level(person, Access(to), by=editor)
        except Refused:
            pass

        assert person.level == (to if is_allowed else held), to


@pytest.mark.parametrize(("own", "to"), list(product(L, L)), ids=str)
def test_nobody_gives_what_they_do_not_hold(own, to):
    if to in grantable(Access(own)):
        assert GRANTS[to].keys() <= GRANTS[own].keys()
        assert Permission.MANAGE_USERS in GRANTS[own]
    assert Access(own).covers(Access(own))
    assert set(grantable(Access(own))) == MAY_GIVE[own]


def test_a_caseload_is_less_than_a_school_and_a_school_more_than_a_caseload():
    assert Access(L.SCHOOL_WIDE_EDITOR).covers(Access(L.CASELOAD_EDITOR))
    assert not Access(L.CASELOAD_EDITOR).covers(Access(L.SCHOOL_WIDE_VIEWER))
    assert not Access(L.SCHOOL_WIDE_VIEWER).covers(Access(L.CASELOAD_EDITOR))


def test_a_change_is_recorded_with_who_and_what_it_was(school, hana):
    ada = member(school, L.CASELOAD_VIEWER)

    with db.writing():
        assert change_level(ada, Access(L.CASELOAD_EDITOR), by=hana)

    (event,) = events(EventKind.LEVEL_CHANGED)
    assert (event.account_id, event.about_id) == (hana.id, ada.staff_id)
    assert event.details == {"school_id": school.id, "old": "caseload_viewer", "new": "caseload_editor"}


def test_the_same_level_again_changes_and_records_nothing(school, hana):
    ada = member(school, L.CASELOAD_VIEWER)

    with db.writing():
        assert not change_level(ada, Access(L.CASELOAD_VIEWER), by=hana)

    assert events(EventKind.LEVEL_CHANGED) == []


def test_whoever_decided_on_an_old_page_is_told_so(school, hana):
    ada = member(school, L.CASELOAD_VIEWER)
    with db.writing():
        change_level(ada, Access(L.SCHOOL_WIDE_EDITOR), by=hana)

    with pytest.raises(Refused, match="it is School Wide Editor now"), db.writing():
        change_level(ada, Access(L.NO_ACCESS), by=hana, seen="caseload_viewer")


@pytest.mark.parametrize("level", [L.SCHOOL_ADMIN, L.DELEGATED_ADMIN])
def test_nobody_lowers_or_blocks_themself(school, level):
    own = member(school, level)

    for to in (L.NO_ACCESS, L.SCHOOL_WIDE_EDITOR):
        with pytest.raises(Refused, match="their own access level"), db.writing():
            change_level(own, Access(to), by=own.staff)


def test_the_school_admin_is_left_alone_and_never_given(school, hana):
    delia = rows.staff(school, L.DELEGATED_ADMIN, "Delia Marsh")
    top = db.session.scalars(select(Membership).filter_by(staff_id=hana.id)).one()

    with pytest.raises(Refused, match="comes from the staff file"), db.writing():
        change_level(top, Access(L.NO_ACCESS), by=delia)
    with pytest.raises(Refused, match="comes from the staff file"), db.writing():
        change_level(member(school, L.CASELOAD_VIEWER), Access(L.SCHOOL_ADMIN), by=hana)


def test_managing_users_at_one_school_says_nothing_at_another(school):
    other = rows.school("Roosevelt")
    delia = rows.staff(other, L.DELEGATED_ADMIN, "Delia Marsh")
    ada = member(school, L.CASELOAD_VIEWER)

    with pytest.raises(Refused, match="do not manage the users of this school"), db.writing():
        change_level(ada, Access(L.CASELOAD_EDITOR), by=delia)
    assert not delia.may(Permission.MANAGE_USERS, ada)


def test_no_access_signs_out_at_once_and_another_level_revives_no_browser(school, hana):
    ada = member(school, L.CASELOAD_EDITOR)
    with db.writing():
        SignIn.start(ada.staff, browser=None, address=None)
        deactivate(ada, by=hana)

    assert db.session.scalar(select(func.count(SignIn.id))) == 0
    with db.writing():
        change_level(ada, Access(L.CASELOAD_EDITOR), by=hana)
    assert db.session.scalar(select(func.count(SignIn.id))) == 0


def test_who_works_at_two_schools_stays_signed_in_at_the_other(school, hana):
    ada, other = member(school, L.CASELOAD_EDITOR), rows.school("Roosevelt")
    rows.stored(Membership(staff_id=ada.staff_id, school_id=other.id, level=L.CASELOAD_VIEWER.value))
    with db.writing():
        SignIn.start(ada.staff, browser=None, address=None)
        deactivate(ada, by=hana)

    assert db.session.scalar(select(func.count(SignIn.id))) == 1


def test_who_comes_in_without_a_password_is_sent_an_invitation_once(school, hana):
    ada = member(school, L.NO_ACCESS)
    with db.writing():
        change_level(ada, Access(L.CASELOAD_VIEWER), by=hana)
        change_level(ada, Access(L.CASELOAD_EDITOR), by=hana)

    (message,) = db.session.scalars(select(OutboxMessage))
    assert (message.kind, message.to_address, message.created_by_id) == (
        "invitation",
        ada.staff.email,
        hana.id,
    )


def test_a_blocked_account_is_not_let_in_by_a_form(school, hana):
    ada = member(school, L.NO_ACCESS)
    with db.writing():
        ada.staff.closed_at = clock.now()

    with pytest.raises(Refused, match="blocked everywhere"), db.writing():
        change_level(ada, Access(L.CASELOAD_VIEWER), by=hana)


def test_saving_ends_a_review_even_at_the_same_level(school, hana):
    walter = member(school, L.NO_ACCESS)
    with db.writing():
        walter.review_since = clock.now()
    with db.writing():
        assert not change_level(walter, Access(L.NO_ACCESS), by=hana)

    assert elsewhere.read("SELECT review_since FROM memberships WHERE id = :id", id=walter.id) is None
    assert len(events(EventKind.LEVEL_REVIEWED)) == 1


def test_a_title_by_hand_stands_at_this_school_only_and_gives_way_when_emptied(school, hana):
    ada, other = member(school, L.CASELOAD_EDITOR), rows.school("Roosevelt")
    there = rows.stored(Membership(staff_id=ada.staff_id, school_id=other.id))
    with db.writing():
        ada.staff.title = "Teacher"
        ada.rename("Teacher, 2A", by=hana)

    assert (ada.title, there.title) == ("Teacher, 2A", "Teacher")
    with db.writing():
        ada.rename("", by=hana)
    assert ada.title == "Teacher"
    assert len(events(EventKind.TITLE_CHANGED)) == 2
