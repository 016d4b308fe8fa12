"""Guardians turn codes into pairings: all of them or none, and nothing is learned from a failure."""

from datetime import UTC, datetime

import pytest
import time_machine

from portal import clock, db
from portal.models import AccessCode, Guardian, Staff, Student
from portal.models.codes.entered import find_codes
from portal.models.guardians.pairing import RevocationReason
from portal.models.guardians.redemption import CANNOT_BE_USED, CodeRefused, look_up, redeem, still_usable
from portal.models.guardians.revocation import revoke
from portal.text import access_code
from tests import elsewhere, rows

PAIRINGS = "SELECT count(*) FROM pairings WHERE revoked_at IS NULL"

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def noah(mia: Student) -> Student:
    return rows.student(mia.school, "Noah Sullivan")


def test_a_code_pairs_its_student_with_the_guardian(mia: Student, otto: Staff, grace: Guardian):
    pairing = paired([rows.enabled(mia, otto).text], grace)[0]

    assert (pairing.student_id, pairing.guardian_id, pairing.paired_at) == (mia.id, grace.id, rows.MORNING)
    assert (
        elsewhere.read("SELECT count(*) FROM events WHERE kind = 'paired' AND student_id = :id", id=mia.id)
        == 1
    )


def test_redeeming_the_same_code_again_changes_nothing(mia: Student, otto: Staff, grace: Guardian):
    code = rows.enabled(mia, otto).text

    assert paired([code], grace) == paired([code, code], grace)
    assert elsewhere.read(PAIRINGS) == 1
    assert elsewhere.read("SELECT count(*) FROM events WHERE kind = 'paired'") == 1


def test_one_code_serves_several_guardians(mia: Student, otto: Staff, grace: Guardian):
    code = rows.enabled(mia, otto).text
    for name in ("Grace Sullivan", "Paul Sullivan", "Ruth Sullivan"):
        paired([code], grace if name.startswith("Grace") else rows.guardian(name))

    assert elsewhere.read(PAIRINGS) == 3


def test_of_several_codes_all_are_redeemed_or_none(mia: Student, noah: Student, otto: Staff, grace: Guardian):
    right, old = rows.enabled(mia, otto).text, rows.enabled(noah, otto).text
    with db.writing():
        AccessCode.replace(noah, by=otto)

    assert paired([right, old], grace) == []
    assert elsewhere.read(PAIRINGS) == 0

    assert len(paired([right, noah.code.text], grace)) == 2


def test_siblings_come_in_the_order_of_their_codes(mia: Student, noah: Student, otto: Staff, grace: Guardian):
    codes = [rows.enabled(noah, otto).text, rows.enabled(mia, otto).text]

    assert [student.given_name for student in look_up(codes, by=grace, address=rows.ADDRESS)] == [
        "Noah",
        "Mia",
    ]


def test_looking_consumes_nothing(mia: Student, otto: Staff):
    code = rows.enabled(mia, otto).text
    for _time in range(3):
        assert look_up([code], by=None, address=rows.ADDRESS) == [mia]

    assert elsewhere.read(PAIRINGS) == 0
    assert elsewhere.read("SELECT count(*) FROM events WHERE kind LIKE '%tried'") == 0


def test_every_failure_is_answered_in_the_same_words(
    mia: Student, noah: Student, otto: Staff, grace: Guardian, now: time_machine.Traveller
):
    mias, noahs = rows.enabled(mia, otto), rows.enabled(noah, otto)
    superseded, closed = mias.text, noahs.text
    with db.writing():
        AccessCode.replace(mia, by=otto)
        noahs.close(by=otto)
    full = mia.code.text
    with db.writing():
        mia.guardian_limit = 0
    unknown = access_code.draw()

    said = {refusal_of(code, grace) for code in (superseded, closed, full, unknown)}
    now.move_to(datetime(2027, 7, 1, tzinfo=UTC))
    said.add(refusal_of(full, grace))

    assert said == {str(CANNOT_BE_USED)}


def test_the_code_of_a_student_who_left_is_of_no_use(mia: Student, otto: Staff, grace: Guardian):
    code = rows.enabled(mia, otto).text
    with db.writing():
        mia.left_at = clock.now()

    assert paired([code], grace) == []


def test_a_seventh_guardian_is_refused_until_staff_raise_the_limit(
    mia: Student, otto: Staff, grace: Guardian
):
    code = rows.enabled(mia, otto).text
    for number in range(6):
        paired([code], rows.guardian(f"Guardian{number} Sullivan"))

    assert paired([code], grace) == []
    with db.writing():
        mia.guardian_limit = 7
    assert len(paired([code], grace)) == 1


def test_a_guardian_of_a_full_student_may_redeem_again(mia: Student, otto: Staff, grace: Guardian):
    code = rows.enabled(mia, otto).text
    paired([code], grace)
    with db.writing():
        mia.guardian_limit = 1

    assert len(paired([code], grace)) == 1


def test_a_limit_that_was_lowered_while_the_code_was_found_counts(mia: Student, otto: Staff, grace: Guardian):
    if db.db.engine.dialect.name != "postgresql":
        pytest.skip("on SQLite nobody writes meanwhile")
    code = rows.enabled(mia, otto).text

    with db.writing():
        assert find_codes([code])[0][code].student.guardian_limit == 6
        elsewhere.write("UPDATE students SET guardian_limit = 0")

        with pytest.raises(CodeRefused):
            redeem([code], by=grace, address=rows.ADDRESS)


def test_a_revoked_guardian_with_the_new_code_is_paired_anew(
    mia: Student, otto: Staff, grace: Guardian, now: time_machine.Traveller
):
    rows.enabled(mia, otto)
    with db.writing():
        fresh = revoke([rows.paired(grace, mia)], by=otto, reason=RevocationReason.MISTAKE)[0]
    now.shift(86400)

    (again,) = paired([fresh.text], grace)

    assert again.paired_at == clock.now()
    assert elsewhere.read("SELECT count(*) FROM pairings") == 2


def test_a_failure_is_counted_and_recorded_without_the_code(mia: Student, otto: Staff, grace: Guardian):
    old = rows.enabled(mia, otto).text
    with db.writing():
        AccessCode.replace(mia, by=otto)

    paired([old], grace)
    paired([access_code.draw()], grace)

    assert elsewhere.read("SELECT count(*) FROM events WHERE kind = 'old code tried' AND student_id = 1") == 1
    assert (
        elsewhere.read("SELECT count(*) FROM events WHERE kind = 'wrong code tried' AND student_id IS NULL")
        == 1
    )
    assert elsewhere.read("SELECT max(tries) FROM throttle_counts") == 2


def test_a_code_that_was_looked_up_and_then_reset_is_not_usable_any_more(
    mia: Student, noah: Student, otto: Staff
):
    kept = [rows.enabled(mia, otto).text, rows.enabled(noah, otto).text]
    with db.writing():
        AccessCode.replace(mia, by=otto)

    assert still_usable(kept, by=None) == {kept[1]: noah}


def paired(codes: list[str], guardian: Guardian) -> list[object]:
    """The pairings; none when refused, which is kept as in a view that shows the refusal on its form."""
    with db.writing():
        try:
            return list(redeem(codes, by=guardian, address=rows.ADDRESS))
        except CodeRefused:
            return []


def refusal_of(code: str, guardian: Guardian) -> str:
    with db.writing(), pytest.raises(CodeRefused) as refusal:
        redeem([code], by=guardian, address=rows.ADDRESS)
    return str(refusal.value)
