"""Rule B7: added by hand, after somebody vouched for them."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from portal import clock, db
from portal.db import Refused
from portal.models import Event, EventKind, Guardian, Membership, OutboxMessage, Staff, TrustedStatus
from portal.models.accounts.throttle import TooManyTries
from portal.models.users.adding import Newcomer, add_user
from portal.models.users.invitation import invite_again
from portal.policy.delegation import Access
from portal.policy.permissions import AccessLevel
from tests import rows

RUTH = Newcomer(
    given_name="Ruth", family_name="Falk", email="ruth@school.example", title="Therapist",
)  # fmt: skip
WORDING = "I know Ruth Falk."


@pytest.fixture
def school(app):
    return rows.school()


@pytest.fixture
def hana(school) -> Staff:
    return rows.staff(school, AccessLevel.SCHOOL_ADMIN, "Hana Novak")


def added(newcomer, school, by, level=AccessLevel.CASELOAD_VIEWER) -> Membership:
    with db.writing():
        return add_user(newcomer, school, Access(level), by=by, wording=WORDING)


def test_somebody_new_gets_an_account_a_level_and_an_invitation(school, hana):
    ruth = added(RUTH, school, hana)

    assert (ruth.staff.name, ruth.title, ruth.level) == ("Ruth Falk", "Therapist", "caseload_viewer")
    assert (ruth.staff.source_id, ruth.staff.password_hash) == (None, None)
    assert db.session.scalars(select(OutboxMessage.to_address)).all() == ["ruth@school.example"]


def test_who_vouched_when_and_in_which_words_is_kept(school, hana, now):
    ruth = added(RUTH, school, hana)

    (kept,) = db.session.scalars(select(TrustedStatus))
    assert (kept.membership_id, kept.confirmed_by_id, kept.wording) == (ruth.id, hana.id, WORDING)
    assert kept.confirmed_at == clock.now()
    recorded = db.session.scalars(select(Event.kind).where(Event.about_id == ruth.staff_id)).all()
    assert EventKind.TRUSTED_STATUS_CONFIRMED.value in recorded


def test_staff_from_elsewhere_keep_their_account(school, hana):
    sam = rows.staff(rows.school("Riverside"), name="Sam Whitfield")
    with db.writing():
        sam.password_hash = "hash"

    here = added(replace(RUTH, email=sam.email, title="Coach"), school, hana)

    assert here.staff_id == sam.id
    assert (sam.name, here.title, sam.title) == ("Sam Whitfield", "Coach", None)
    assert db.session.scalar(select(func.count(OutboxMessage.id))) == 0
    assert db.session.scalar(select(func.count(TrustedStatus.id))) == 1


def test_a_guardian_with_that_email_stays_a_guardian(school, hana):
    grace = rows.guardian("Ruth Falk")

    ruth = added(replace(RUTH, email=grace.email), school, hana)

    assert ruth.staff_id != grace.id
    assert isinstance(db.session.get(Guardian, grace.id), Guardian)


def test_whoever_is_here_already_is_not_added_again(school, hana):
    added(RUTH, school, hana)

    with pytest.raises(Refused, match="on the list already"):
        added(RUTH, school, hana)


def test_a_blocked_account_does_not_come_in_by_the_back_door(school, hana):
    sam = rows.staff(rows.school("Riverside"), name="Sam Whitfield")
    with db.writing():
        sam.closed_at = clock.now()

    with pytest.raises(Refused, match="is blocked"):
        added(replace(RUTH, email=sam.email), school, hana)


@pytest.mark.parametrize("level", [AccessLevel.SCHOOL_ADMIN])
def test_a_level_that_may_not_be_given_leaves_no_account_behind(school, hana, level):
    with pytest.raises(Refused):
        added(RUTH, school, hana, level)

    assert Staff.with_email(RUTH.email) is None
    assert db.session.scalar(select(func.count(TrustedStatus.id))) == 0


def test_an_editor_adds_nobody(school, hana):
    otto = rows.staff(school)

    with pytest.raises(Refused):
        added(RUTH, school, otto)
    assert Staff.with_email(RUTH.email) is None


def test_an_invitation_goes_out_again_but_not_without_end(school, hana):
    ruth = added(RUTH, school, hana)

    for _time in range(5):
        with db.writing():
            invite_again(ruth, by=hana)
    with pytest.raises(TooManyTries), db.writing():
        invite_again(ruth, by=hana)

    assert db.session.scalar(select(func.count(OutboxMessage.id))) == 6


def test_who_has_a_password_is_not_invited(school, hana):
    otto = rows.staff(school)
    with db.writing():
        otto.password_hash = "hash"

    with pytest.raises(Refused, match="has a password already"), db.writing():
        invite_again(Membership.of(otto, school), by=hana)
