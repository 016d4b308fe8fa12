"""Taking pairings back: at once, for those who were ticked, and with a new code where the old one was live."""

from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import update

from portal import clock, db
from portal.db import Refused
from portal.models import AccessCode, Guardian, Membership, Pairing, SchoolYear, Staff, Student
from portal.models.guardians.pairing import RevocationReason
from portal.models.guardians.redemption import CodeRefused, look_up, still_usable
from portal.models.guardians.revocation import leave, revocable_with, revoke
from portal.policy.permissions import AccessLevel, Permission
from tests import elsewhere, rows

CUSTODY = RevocationReason.CUSTODY

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def pairing(mia: Student, otto: Staff, grace: Guardian) -> Pairing:
    rows.enabled(mia, otto)
    return rows.paired(grace, mia)


def test_the_guardian_loses_sight_of_the_student(
    pairing: Pairing, mia: Student, otto: Staff, grace: Guardian
):
    assert grace.may(Permission.VIEW_CHILD, mia)

    with db.writing():
        revoke([pairing], by=otto, reason=CUSTODY, note="Court order of 3 November")
    grace.forget_rights()

    assert not grace.may(Permission.VIEW_CHILD, mia)
    assert (pairing.revoked_at, pairing.revoked_by_id) == (rows.MORNING, otto.id)
    assert (pairing.revocation_reason, pairing.revocation_note) == ("custody", "Court order of 3 November")


def test_the_live_code_is_replaced(pairing: Pairing, mia: Student, otto: Staff):
    known = mia.code.text

    with db.writing():
        (fresh,) = revoke([pairing], by=otto, reason=CUSTODY)

    assert fresh.text != known
    with db.writing(), pytest.raises(CodeRefused):
        look_up([known], by=None, address=rows.ADDRESS)
    assert look_up([fresh.text], by=None, address=rows.ADDRESS) == [mia]


def test_the_code_is_replaced_though_the_guardian_once_used_an_older_one(
    pairing: Pairing, mia: Student, otto: Staff
):
    with db.writing():
        newer = AccessCode.replace(mia, by=otto)
    with db.writing():
        (fresh,) = revoke([pairing], by=otto, reason=CUSTODY)

    assert newer.ending == "revoked"
    assert fresh.id != newer.id


def test_with_an_expired_code_the_pairing_ends_and_no_code_is_made(
    pairing: Pairing, otto: Staff, now: time_machine.Traveller
):
    now.move_to(datetime(2027, 7, 1, tzinfo=UTC))

    with db.writing():
        assert revoke([pairing], by=otto, reason=CUSTODY) == []

    assert pairing.revoked_at == clock.now()
    assert elsewhere.read("SELECT count(*) FROM access_codes") == 1


def test_an_expired_code_that_who_was_revoked_knew_never_comes_back(
    pairing: Pairing, mia: Student, otto: Staff, grace: Guardian, now: time_machine.Traveller
):
    known = mia.code.text
    now.move_to(datetime(2027, 7, 1, tzinfo=UTC))
    with db.writing():
        revoke([pairing], by=otto, reason=CUSTODY)

    with db.writing():
        db.session.execute(update(SchoolYear).values(ends_at=datetime(2027, 8, 1, tzinfo=UTC)))

    assert still_usable([known], by=grace) == {}


def test_a_guardian_of_a_student_who_left_can_be_revoked(pairing: Pairing, mia: Student, otto: Staff):
    with db.writing():
        mia.left_at = clock.now()

    with db.writing():
        assert revoke([pairing], by=otto, reason=CUSTODY) == []

    assert pairing.revoked_at is not None
    assert elsewhere.read("SELECT count(*) FROM access_codes WHERE ended_at IS NULL") == 0


def test_of_three_students_the_one_not_ticked_is_untouched(mia: Student, otto: Staff, grace: Guardian):
    students = [mia, rows.student(mia.school, "Noah Sullivan"), rows.student(mia.school, "Zoe Sullivan")]
    codes = [rows.enabled(student, otto).text for student in students]
    pairings = [rows.paired(grace, student) for student in students]

    with db.writing():
        revoke(pairings[:2], by=otto, reason=CUSTODY)

    assert [pairing.revoked_at is None for pairing in pairings] == [False, False, True]
    assert look_up([codes[2]], by=None, address=rows.ADDRESS) == [students[2]]


def test_other_guardians_keep_the_student(pairing: Pairing, mia: Student, otto: Staff):
    paul = rows.guardian("Paul Sullivan")
    rows.paired(paul, mia)

    with db.writing():
        revoke([pairing], by=otto, reason=CUSTODY)

    assert paul.may(Permission.VIEW_CHILD, mia)


def test_the_first_revocation_is_kept_with_its_author(pairing: Pairing, mia: Student, otto: Staff):
    hana = rows.staff(mia.school, AccessLevel.SCHOOL_ADMIN, "Hana Head")
    with db.writing():
        revoke([pairing], by=otto, reason=CUSTODY)
    with db.writing():
        assert revoke([pairing], by=hana, reason=RevocationReason.OTHER) == []

    assert (pairing.revoked_by_id, pairing.revocation_reason) == (otto.id, "custody")
    assert elsewhere.read("SELECT count(*) FROM events WHERE kind = 'revoked'") == 1


def test_nothing_ticked_is_refused(otto: Staff):
    with pytest.raises(Refused, match="at least one"):
        revoke([], by=otto, reason=CUSTODY)


def test_students_out_of_reach_do_not_appear(pairing: Pairing, otto: Staff, grace: Guardian):
    roosevelt = rows.school("Roosevelt")
    sam = rows.student(roosevelt, "Sam Sullivan")
    rows.enabled(sam, rows.staff(roosevelt, name="Rosa Office"))
    rows.paired(grace, sam)

    assert revocable_with(pairing, by=otto) == [pairing]


def test_who_may_see_but_not_revoke_at_the_other_school_is_not_shown_it(
    pairing: Pairing, otto: Staff, grace: Guardian
):
    roosevelt = rows.school("Roosevelt")
    sam = rows.student(roosevelt, "Sam Sullivan")
    rows.enabled(sam, rows.staff(roosevelt, name="Rosa Office"))
    rows.paired(grace, sam)
    rows.stored(
        Membership(staff_id=otto.id, school_id=roosevelt.id, level=AccessLevel.SCHOOL_WIDE_VIEWER.value)
    )

    assert otto.may(Permission.VIEW_STUDENT, sam)
    assert revocable_with(pairing, by=otto) == [pairing]


def test_leaving_keeps_the_code(pairing: Pairing, mia: Student, grace: Guardian):
    code = mia.code.text

    with db.writing():
        leave(pairing, by=grace)

    assert pairing.revocation_reason == "own_wish"
    assert look_up([code], by=None, address=rows.ADDRESS) == [mia]
    assert (
        elsewhere.read("SELECT count(*) FROM events WHERE kind = 'left' AND account_id = :id", id=grace.id)
        == 1
    )


def test_leaving_what_was_revoked_a_moment_ago_keeps_the_revocation(
    pairing: Pairing, otto: Staff, grace: Guardian
):
    if db.db.engine.dialect.name != "postgresql":
        pytest.skip("on SQLite nobody writes meanwhile")

    with db.writing():
        assert pairing.revoked_at is None
        elsewhere.write("UPDATE pairings SET revoked_at = '2026-11-16 14:00Z', revocation_reason = 'custody'")
        leave(pairing, by=grace)

    assert elsewhere.read("SELECT revocation_reason FROM pairings") == "custody"
