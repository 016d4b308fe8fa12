"""Manage Access: taking a guardian's access back."""

import re

import pytest
import time_machine
from sqlalchemy import select

from portal import clock, db
from portal.models import AccessCode, Event, EventKind, Guardian, Pairing, School
from portal.models.guardians.redemption import redeem
from tests import rows
from tests.browsing import get, post
from tests.statements import counted

NOBODY = "AAAAAAAAAAAAAAAAAAAAAA"


def pairing_of(guardian: Guardian, student) -> Pairing:
    wanted = select(Pairing).filter_by(guardian_id=guardian.id, student_id=student.id, revoked_at=None)
    return db.session.scalars(wanted).one()


def at(pairing: Pairing) -> str:
    return f"/pairings/{pairing.public_id}/revocation"


def revoke(browser, pairing: Pairing, *others: Pairing, htmx: bool = False, **fields):
    ticked = [each.public_id for each in (pairing, *others)]
    return post(browser, at(pairing), htmx=htmx, **{"pairings": ticked, "reason": "moved_away", **fields})


@pytest.fixture
def family(app):
    """Grace with three students at Lincoln and one at Riverside, and the office of each school."""
    lincoln, riverside = rows.school(), rows.school("Riverside")
    otto, sam = rows.staff(lincoln), rows.staff(riverside, name="Sam Office")
    students = [rows.student(lincoln, f"{name} Sullivan") for name in ("Ava", "Ben", "Cleo")]
    students.append(rows.student(riverside, "Dan Sullivan"))
    grace = rows.guardian()
    for student in students:
        rows.enabled(student, sam if student.school_id == riverside.id else otto)
    return otto, sam, [rows.paired(grace, student) for student in students]


def test_the_dialogue_names_the_guardian_and_ticks_who_was_clicked(family, as_):
    otto, _sam, (_ava, ben, _cleo, _dan) = family

    page = as_(otto).get(at(ben)).text

    assert "Revoke access for Grace Sullivan" in page
    ticked = re.findall(r"<input[^>]*checked[^>]*>", page)
    assert len(ticked) == 1
    assert ben.public_id in ticked[0]


def test_only_students_in_reach_appear(family, as_):
    otto, _sam, (ava, _ben, _cleo, dan) = family

    page = as_(otto).get(at(ava)).text

    assert re.findall(r"(\w+) Sullivan</label>", page) == ["Ava", "Ben", "Cleo"]
    assert "Dan" not in page
    assert dan.public_id not in page


def test_of_three_students_the_two_that_were_ticked(family, as_):
    otto, _sam, (ava, ben, cleo, dan) = family
    codes = {pairing.student_id: pairing.student.code.public_id for pairing in (ava, ben, cleo)}

    response = revoke(as_(otto), ava, ben, reason="custody", note="Court order of 3 May")

    assert response.status_code == 303
    assert (ava.revoked_by_id, ava.revocation_reason, ava.revocation_note) == (
        otto.id,
        "custody",
        "Court order of 3 May",
    )
    assert ben.revoked_at
    assert cleo.revoked_at is dan.revoked_at is None
    changed = [p.student_id for p in (ava, ben, cleo) if p.student.code.public_id != codes[p.student_id]]
    assert changed == [ava.student_id, ben.student_id]


def test_the_guardians_very_next_request_fails(cast, as_):
    family, office = as_(cast.grace), as_(cast.otto)
    child = f"/family/students/{cast.mia.public_id}"
    before = family.get(child).status_code

    revoke(office, pairing_of(cast.grace, cast.mia))

    assert (before, family.get(child).status_code) == (200, 404)
    assert as_(cast.minh).get(child).status_code == 200


def test_the_tab_says_that_the_new_code_must_be_given_out(cast, as_):
    part = revoke(as_(cast.otto), pairing_of(cast.grace, cast.mia), htmx=True).text

    assert "A new access code was made. Give it to anyone who has yet to pair." in part
    assert part.startswith('<div id="guardians">')
    assert "Grace Tran</bdi>" not in part
    assert "Otto Brandt revoked access for Grace Tran" in part


def test_with_an_expired_code_none_is_made(cast, as_):
    guardian = cast.grace
    with db.writing():
        pairing = Pairing(student_id=cast.emil.id, guardian_id=guardian.id, access_code_id=cast.emil.code.id)
        db.session.add(pairing)
    codes = select(AccessCode.public_id).filter_by(student_id=cast.emil.id)
    before = db.session.scalars(codes).all()
    browser = as_(cast.otto)

    page = browser.get(revoke(browser, pairing).location)

    assert "No new access code was made, because none was in use." in page.text
    assert pairing.revoked_at
    assert db.session.scalars(codes).all() == before


def test_a_guardian_who_lost_access_may_pair_again_with_the_new_code(cast, as_):
    old = pairing_of(cast.grace, cast.mia)
    revoke(as_(cast.otto), old)

    with db.writing():
        fresh = redeem([cast.code_of(cast.mia)], by=cast.grace, address=rows.ADDRESS)[0]

    assert fresh.id != old.id
    assert fresh.paired_at >= old.paired_at


@pytest.mark.parametrize("which", ["in another school", "of another guardian", "that never existed"])
def test_one_student_out_of_reach_refuses_the_whole_request(family, as_, which):
    otto, _sam, (ava, _ben, cleo, dan) = family
    other = rows.paired(rows.guardian("Minh Tran"), cleo.student)
    forged = {
        "in another school": dan.public_id,
        "of another guardian": other.public_id,
        "that never existed": NOBODY,
    }

    response = post(as_(otto), at(ava), pairings=[ava.public_id, forged[which]], reason="moved_away")

    assert response.status_code == 404
    assert ava.revoked_at is other.revoked_at is dan.revoked_at is None


def test_out_of_reach_is_byte_for_byte_what_never_existed(family, as_):
    _otto, sam, (ava, *_others) = family
    browser = as_(sam)

    with time_machine.travel(clock.now(), tick=False):  # the form's token holds the time
        foreign, never = browser.get(at(ava)), browser.get(f"/pairings/{NOBODY}/revocation")

    assert foreign.status_code == never.status_code == 404
    assert foreign.data == never.data


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"pairings": []}, "Choose at least one student."),
        ({"reason": ""}, "Choose a reason."),
        ({"reason": "own_wish"}, "Choose a reason."),
        ({"reason": "custody"}, "Write a note"),
        ({"reason": "other", "note": "   "}, "Write a note"),
        ({"note": "x" * 1001}, "Use at most 1,000 characters."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_done(cast, as_, fields, sentence):
    pairing = pairing_of(cast.grace, cast.mia)

    response = revoke(as_(cast.otto), pairing, **fields)

    assert response.status_code == 422
    assert sentence in response.text
    assert pairing.revoked_at is None


def test_a_second_press_finds_nothing_to_revoke(cast, as_):
    browser, pairing = as_(cast.otto), pairing_of(cast.grace, cast.mia)
    revoke(browser, pairing)
    code = cast.code_of(cast.mia)

    assert revoke(browser, pairing).status_code == 404
    assert cast.code_of(cast.mia) == code


def test_a_school_may_keep_revoking_for_its_admins(cast, as_):
    with db.writing():
        db.session.get(School, cast.lincoln.id).restricts_revoking = True
    pairing = pairing_of(cast.grace, cast.mia)
    tab = f"/students/{cast.mia.public_id}/portal-access"

    assert as_(cast.otto).get(at(pairing)).status_code == 403
    assert "Manage Access" not in as_(cast.otto).get(tab).text
    assert as_(cast.hana).get(at(pairing)).status_code == 200


def test_revoking_is_on_record_with_its_reason(cast, as_):
    revoke(as_(cast.otto), pairing_of(cast.grace, cast.mia))

    record = db.session.scalar(select(Event).filter_by(kind=EventKind.REVOKED.value, student_id=cast.mia.id))
    assert (record.account_id, record.about_id, record.details) == (
        cast.otto.id,
        cast.grace.id,
        {"reason": "moved_away"},
    )


def test_revoking_is_one_commit(cast, as_):
    browser, pairing = as_(cast.otto), pairing_of(cast.grace, cast.mia)
    get(browser, at(pairing))

    with counted() as statements:
        revoke(browser, pairing)

    assert statements.commits == 1
