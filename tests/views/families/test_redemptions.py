from datetime import timedelta

import pytest
import time_machine

from portal import db
from portal.models import AccessCode, EventKind, Pairing
from portal.models.guardians.pairing import RevocationReason
from portal.models.guardians.revocation import revoke
from portal.text.access_code import draw, pretty
from tests.browsing import post
from tests.views.family_pages import (
    COMMON_ANSWER,
    MISTYPED,
    enter,
    events,
    guesses,
    join,
    pairings,
    sign_in,
    with_a_slip,
)


def test_a_code_leads_to_the_masked_child(client, cast):
    response = enter(client, cast.code_of(cast.noah))
    page = client.get("/join/student").text

    assert (response.status_code, response.location) == (303, "/join/student")
    assert "Is this your child?" in page
    assert "N. A." in page
    assert "Lincoln Elementary" in page
    assert "Noah" not in page
    assert "Adler" not in page


@pytest.mark.parametrize("typed", ["  {0} ", "{1}", "http://localhost/join#{0}"])
def test_a_code_is_accepted_however_it_is_pasted(client, cast, typed):
    code = cast.code_of(cast.noah)

    response = post(client, "/join", code=typed.format(code.lower(), pretty(code).replace("-", " ")))

    assert response.status_code == 303


def test_looking_consumes_nothing(client, cast):
    before = pairings()
    enter(client, cast.code_of(cast.noah))

    client.get("/join/student")
    client.get("/join/account")

    assert pairings() == before
    assert events(EventKind.WRONG_CODE_TRIED) == 0


def test_a_mistyped_code_is_said_to_be_so_and_not_counted(client, cast):
    response = enter(client, with_a_slip(cast.code_of(cast.noah)))

    assert response.status_code == 422
    assert MISTYPED in response.text
    assert COMMON_ANSWER not in response.text
    assert guesses() == 0


def test_no_code_at_all_is_refused(client, cast):
    response = post(client, "/join", code=" ")

    assert response.status_code == 422
    assert "Enter the access code from the letter." in response.text


def test_all_other_failures_have_one_answer_and_are_counted(client, cast):
    with db.writing():
        old, closed = cast.code_of(cast.jamal), cast.code_of(cast.tomas)
        AccessCode.replace(cast.jamal, by=cast.joan)
        cast.tomas.code.close(by=cast.sam)
        full = cast.code_of(cast.mia)
        cast.mia.guardian_limit = 2
    left = cast.code_of(cast.leo)

    answers = [enter(client, code) for code in (draw(), old, closed, full, left)]

    assert [answer.status_code for answer in answers] == [422] * 5
    assert all(COMMON_ANSWER in answer.text for answer in answers)
    assert guesses() == 5
    assert events(EventKind.WRONG_CODE_TRIED) == 2, "one that never was, one merely at its cap"
    assert events(EventKind.OLD_CODE_TRIED) == 3


def test_the_code_works_until_midnight_at_the_school_and_not_a_second_longer(client, cast):
    code, ends_at = cast.code_of(cast.noah), cast.noah.code.expires_at

    with time_machine.travel(ends_at - timedelta(seconds=1), tick=False):
        assert enter(client, code).status_code == 303
    with time_machine.travel(ends_at, tick=False):
        assert enter(client, code).status_code == 422


def test_codes_of_several_children_go_in_at_once(client, cast):
    enter(client, cast.code_of(cast.noah), cast.code_of(cast.jamal))

    page = client.get("/join/student").text

    assert "N. A." in page
    assert "J. W." in page
    assert "Are these your children?" in page


def test_of_several_codes_one_bad_one_keeps_all_from_pairing(cast, as_):
    grace, before = as_(cast.grace), pairings()

    response = enter(grace, cast.code_of(cast.noah), bad := draw())
    post(grace, "/join/student")

    assert response.status_code == 422
    assert f"{pretty(bad)}: {COMMON_ANSWER}" in response.text
    assert pairings() == before


def test_a_bad_code_among_kept_ones_is_found_when_pairing_and_none_is_paired(cast, as_):
    grace, before = as_(cast.grace), pairings()
    enter(grace, cast.code_of(cast.noah), cast.code_of(cast.jamal))
    with db.writing():
        AccessCode.replace(cast.jamal, by=cast.joan)

    response = post(grace, "/join/student")

    assert response.status_code == 422
    assert COMMON_ANSWER in response.text
    assert pairings() == before
    assert events(EventKind.OLD_CODE_TRIED) == 1
    assert "J. W." not in grace.get("/join/student").text


def test_a_guardian_who_is_signed_in_pairs_at_once(cast, as_):
    grace = as_(cast.grace)
    enter(grace, cast.code_of(cast.noah))

    response = post(grace, "/join/student")
    family = grace.get("/family").text

    assert response.location == "/family"
    assert "Connected: Noah Adler." in family
    assert "Mia Tran" in family
    assert grace.get("/join/student").location == "/family"


def test_the_same_code_twice_is_a_friendly_no_op(cast, as_):
    grace, before = as_(cast.grace), pairings()
    enter(grace, cast.code_of(cast.mia))

    first = post(grace, "/join/student")
    again = post(grace, "/join/student")

    assert (first.location, again.location) == ("/family", "/family")
    assert pairings() == before


def test_who_is_already_paired_is_not_stopped_by_the_cap(cast, as_):
    with db.writing():
        cast.mia.guardian_limit = 2

    assert enter(as_(cast.grace), cast.code_of(cast.mia)).status_code == 303


def test_a_stranger_goes_on_to_make_an_account(client, cast):
    enter(client, cast.code_of(cast.noah))

    assert post(client, "/join/student").location == "/join/account"
    assert 'href="/sign-in"' in client.get("/join/student").text


def test_staff_present_codes_as_strangers_do(cast, as_):
    otto, before = as_(cast.otto), pairings()
    enter(otto, cast.code_of(cast.noah))

    assert post(otto, "/join/student").location == "/join/account"
    assert pairings() == before


def test_a_revoked_guardian_may_pair_again_with_the_new_code(client, cast, as_):
    with db.writing():
        [new] = revoke(
            [pairing for pairing in cast.mia.live_pairings if pairing.guardian_id == cast.grace.id],
            by=cast.otto,
            reason=RevocationReason.MISTAKE,
        )
        code = new.text
    grace = as_(cast.grace)
    gone = grace.get(f"/family/students/{cast.mia.public_id}").status_code

    enter(grace, code)
    post(grace, "/join/student")

    assert gone == 404
    assert grace.get(f"/family/students/{cast.mia.public_id}").status_code == 200
    dates = db.session.query(Pairing.paired_at, Pairing.revoked_at).filter_by(
        student_id=cast.mia.id, guardian_id=cast.grace.id
    )
    assert sorted(revoked is None for _paired, revoked in dates) == [False, True]


def test_too_many_wrong_codes_have_to_wait_and_the_page_says_how_long(client, cast):
    for _ in range(30):
        enter(client, draw())

    typed = draw()
    response = enter(client, typed)

    assert response.status_code == 429
    assert 3500 < int(response.headers["Retry-After"]) <= 3600
    assert "Please wait 60 min and try again." in response.text
    assert pretty(typed) in response.text
    assert guesses() == 30


def test_a_guardian_has_five_wrong_codes_in_a_quarter_of_an_hour(cast, as_):
    grace = as_(cast.grace)
    for _ in range(5):
        assert enter(grace, draw()).status_code == 422

    assert enter(grace, draw()).status_code == 429


def test_a_form_without_its_token_changes_nothing(client, cast):
    response = client.post("/join", data={"code": cast.code_of(cast.noah)})

    assert response.status_code == 400
    assert "out of date" in response.text
    assert client.get("/join/student").location == "/join"


def test_someone_with_an_account_signs_in_and_comes_back_to_the_child(client, cast):
    enter(client, cast.code_of(cast.noah))

    response = sign_in(client, cast.grace.email, cast.password_of(cast.grace))
    back = client.get(response.location)

    assert response.location == "/join/student"
    assert "N. A." in back.text
    assert post(client, "/join/student").location == "/family"
    assert "Noah Adler" in client.get("/family").text


def test_from_letter_to_child(client, cast):
    response = join(client, cast.code_of(cast.noah))

    assert response.location == "/family"
    assert "Noah Adler" in client.get("/family").text
    assert client.get(f"/family/students/{cast.noah.public_id}").status_code == 200
