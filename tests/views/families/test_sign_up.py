import re
from datetime import timedelta

import pytest
import time_machine

from portal import db
from portal.crypto import passwords
from portal.models import AccessCode, EventKind, Guardian, SignIn, Staff
from portal.text.access_code import draw, pretty
from tests.browsing import post
from tests.views.family_pages import (
    COMMON_ANSWER,
    MISTYPED,
    NEWCOMER,
    PASSWORD,
    enter,
    events,
    guesses,
    join,
    mails,
    pairings,
    sign_up,
    with_a_slip,
)


def newcomer() -> Guardian | None:
    return Guardian.with_email(NEWCOMER)


def test_the_fields_stand_in_the_order_of_the_letter(client, cast):
    enter(client, cast.code_of(cast.noah))

    page = client.get("/join/account").text
    fields = re.findall(r'<(?:input|textarea)[^>]*\bname="(?!csrf|language|next)(\w+)"', page)

    assert fields == ["code", "email", "given_name", "family_name", "password"]
    assert "Create Account" in page
    assert pretty(cast.code_of(cast.noah)) in page


def test_account_and_pairing_come_together(client, cast):
    response = join(client, cast.code_of(cast.noah), email=" New.Parent@Example.COM ")

    account = newcomer()
    assert response.location == "/family"
    assert (account.given_name, account.family_name, account.email) == ("Noor", "Haddad", NEWCOMER)
    assert passwords.verify(account.password_hash, PASSWORD)
    assert [pairing.guardian_id for pairing in cast.noah.live_pairings] == [account.id]
    assert account.email_verified_at is None
    assert mails("email_check") == [NEWCOMER]
    assert "Welcome! Your account is ready." in client.get("/family").text


def test_several_children_come_with_one_account(client, cast):
    codes = cast.code_of(cast.noah), cast.code_of(cast.jamal)
    enter(client, *codes)

    sign_up(client, *codes)
    family = client.get("/family").text

    assert "Noah Adler" in family
    assert "Jamal Wright" in family


def test_a_person_with_a_single_name_can_sign_up(client, cast):
    join(client, cast.code_of(cast.noah), given_name="  Suharto ", family_name="")

    assert newcomer().name == "Suharto"


def test_names_are_kept_as_they_are_but_for_stray_signs(client, cast):
    join(client, cast.code_of(cast.noah), given_name="Zoë \x00 Ngọc", family_name="O’Brien-Núñez\r\n")

    assert newcomer().name == "Zoë Ngọc O’Brien-Núñez"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "", "Enter your email."),
        ("email", "not an email", "This email looks mistyped."),
        ("email", "a@b@example.com", "This email looks mistyped."),
        ("given_name", "  ", "Enter your first name."),
        ("given_name", "x" * 121, "Use at most 120 characters."),
        ("family_name", "x" * 121, "Use at most 120 characters."),
        ("password", "", "Choose a password."),
        ("password", "short", "Use at least 12 characters."),
        ("password", "x" * 129, "Use at most 128 characters."),
        ("password", "password123456", "Many people use this password."),
        ("password", "lincolnelementary", "This is a name or an email address that others know."),
        ("password", "noor haddad 2026", "This is a name or an email address that others know."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(client, cast, field, value, sentence):
    response = join(client, cast.code_of(cast.noah), **{field: value})

    assert response.status_code == 422
    assert sentence in response.text
    assert newcomer() is None
    assert guesses() == 0


def test_what_was_typed_stays_but_the_password_does_not(client, cast):
    response = join(client, cast.code_of(cast.noah), email="wrong")

    assert 'value="Noor"' in response.text
    assert PASSWORD not in response.text


def test_without_a_code_the_way_begins_at_the_code(client, cast):
    assert client.get("/join/account").location == "/join"


def test_a_code_that_is_reset_while_the_form_is_open_makes_nothing(client, cast):
    code, before = cast.code_of(cast.noah), pairings()
    enter(client, code)
    client.get("/join/account")
    with db.writing():
        AccessCode.replace(cast.noah, by=cast.otto)

    response = sign_up(client, code)

    assert response.status_code == 422
    assert COMMON_ANSWER in response.text
    assert newcomer() is None
    assert pairings() == before
    assert guesses() == 1
    assert events(EventKind.OLD_CODE_TRIED) == 1
    assert mails("email_check") == []


def test_a_code_that_expires_while_the_form_is_open_makes_nothing(client, cast):
    code, ends_at = cast.code_of(cast.noah), cast.noah.code.expires_at
    with time_machine.travel(ends_at - timedelta(seconds=1), tick=False):
        enter(client, code)
    with time_machine.travel(ends_at, tick=False):
        response = sign_up(client, code)

    assert response.status_code == 422
    assert COMMON_ANSWER in response.text
    assert newcomer() is None


def test_one_bad_code_of_several_makes_nothing(client, cast):
    codes = cast.code_of(cast.noah), cast.code_of(cast.jamal)
    enter(client, *codes)
    with db.writing():
        AccessCode.replace(cast.jamal, by=cast.joan)

    response = sign_up(client, *codes)

    assert f"{pretty(codes[1])}: {COMMON_ANSWER}" in response.text
    assert newcomer() is None
    assert cast.noah.live_pairings == []


def test_a_code_typed_into_the_form_shows_its_child_first(client, cast):
    enter(client, cast.code_of(cast.noah))

    first = sign_up(client, cast.code_of(cast.jamal))
    made_at_once = newcomer()
    second = sign_up(client, cast.code_of(cast.jamal))

    assert first.status_code == 422
    assert "J. W." in first.text
    assert "Is this your child?" in first.text
    assert made_at_once is None
    assert second.location == "/family"
    assert "Jamal Wright" in client.get("/family").text
    assert "Noah" not in client.get("/family").text


def test_a_form_sent_without_any_cookie_shows_the_child_first(client, cast):
    response = sign_up(client, cast.code_of(cast.noah))

    assert response.status_code == 422
    assert "N. A." in response.text
    assert newcomer() is None


def test_a_wrong_code_in_the_form_is_counted_and_a_mistyped_one_is_not(client, cast):
    enter(client, cast.code_of(cast.noah))

    wrong = sign_up(client, draw())
    mistyped = sign_up(client, with_a_slip(cast.code_of(cast.noah)))

    assert COMMON_ANSWER in wrong.text
    assert MISTYPED in mistyped.text
    assert guesses() == 1


def test_a_known_email_leads_to_sign_in_and_keeps_the_code(client, cast):
    response = join(client, cast.code_of(cast.noah), email=cast.grace.email.upper())
    page = client.get(response.location).text

    assert response.location == "/sign-in"
    assert "You already have an account. Sign in and we add the child." in page
    assert f'value="{cast.grace.email}"' in page
    assert events(EventKind.ACCOUNT_CREATED) == 4
    assert client.get("/join/student").status_code == 200


def test_whether_an_email_is_known_shows_only_to_the_holder_of_a_code(client, cast):
    enter(client, cast.code_of(cast.noah))
    with db.writing():
        AccessCode.replace(cast.noah, by=cast.otto)

    response = sign_up(client, draw(), email=cast.grace.email)

    assert response.status_code == 422
    assert "already" not in response.text.replace("Already have an account?", "")


def test_an_email_of_staff_is_no_obstacle_and_the_two_never_mix(client, cast):
    join(client, cast.code_of(cast.noah), email=cast.ada.email)

    guardian = Guardian.with_email(cast.ada.email)
    assert guardian.id != cast.ada.id
    assert Staff.with_email(cast.ada.email).id == cast.ada.id
    assert client.get("/students").status_code == 403


def test_the_same_form_twice_makes_one_account(client, cast):
    code = cast.code_of(cast.noah)
    join(client, code)

    again = sign_up(client, code)

    assert client.get(again.location).location == "/family"
    assert len(cast.noah.live_pairings) == 1


def test_the_same_form_from_a_browser_that_lost_the_first_answer_leads_to_sign_in(app, client, cast):
    code, other = cast.code_of(cast.noah), app.test_client()
    enter(client, code)
    enter(other, code)
    sign_up(client, code)

    response = sign_up(other, code)

    assert response.location == "/sign-in"
    assert len(cast.noah.live_pairings) == 1


def test_a_new_sign_in_gets_a_new_session_and_a_cookie_for_thirty_days(client, cast):
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"

    response = join(client, cast.code_of(cast.noah))

    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert "codes" not in cookie
    assert "Expires=" in response.headers["Set-Cookie"]
    assert db.session.query(SignIn).filter_by(account_id=newcomer().id).count() == 1


def test_the_account_speaks_the_language_that_was_chosen(client, cast):
    post(client, "/language", language="es")

    join(client, cast.code_of(cast.noah))

    assert newcomer().language == "es"


def test_a_form_without_its_token_makes_nothing(client, cast):
    enter(client, cast.code_of(cast.noah))

    response = client.post("/join/account", data={"email": NEWCOMER})

    assert response.status_code == 400
    assert newcomer() is None


def test_too_many_wrong_codes_stop_the_form_too(client, cast):
    for _ in range(30):
        enter(client, draw())

    response = sign_up(client, cast.code_of(cast.noah))

    assert response.status_code == 429
    assert "Retry-After" in response.headers
    assert f'value="{NEWCOMER}"' in response.text
    assert newcomer() is None


@pytest.mark.parametrize("wrong", [0, 30])
def test_a_password_like_the_school_says_nothing_of_a_code_that_was_not_looked_up(client, cast, wrong):
    """Else the form would tell right codes from wrong ones, uncounted and in spite of the wait."""
    for _ in range(wrong):
        enter(client, draw())
    lincoln = {"password": "Lincoln Elementary 1"}

    answers = [sign_up(client, code, **lincoln) for code in (cast.code_of(cast.noah), draw())]

    assert not any("a name or an email address that others know" in answer.text for answer in answers)
    assert guesses() == wrong + (wrong == 0)
