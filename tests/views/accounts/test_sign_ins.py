from datetime import timedelta

import pytest
import time_machine

from portal import clock, db
from portal.crypto import passwords
from portal.models import EventKind, SignIn
from tests.browsing import post
from tests.views.family_pages import events, sign_in

WRONG = "The email or the password is not right."


def test_the_right_password_opens_the_family_page(client, cast):
    before = events(EventKind.SIGNED_IN)

    response = sign_in(client, f" {cast.grace.email.upper()} ", cast.password_of(cast.grace))

    assert response.location == "/family"
    assert client.get("/family").status_code == 200
    assert events(EventKind.SIGNED_IN) == before + 1
    assert "Expires=" in response.headers["Set-Cookie"]


@pytest.mark.parametrize("email", ["grace@example.com", "nobody@example.com", "otto@example.org", "x"])
def test_every_failure_has_the_same_answer(client, cast, email):
    response = sign_in(client, email, "not the password")

    assert response.status_code == 422
    assert WRONG in response.text
    assert events(EventKind.SIGN_IN_FAILED) == 1
    assert "not the password" not in response.text


def test_staff_cannot_come_in_by_the_door_of_families(client, cast):
    response = sign_in(client, cast.otto.email, cast.password_of(cast.otto))

    assert response.status_code == 422
    assert WRONG in response.text


def test_an_empty_form_says_what_is_missing(client, cast):
    response = sign_in(client, "", "")

    assert response.status_code == 422
    assert "Enter your email." in response.text
    assert "Enter your password." in response.text


def test_waits_grow_and_the_right_password_ends_them(client, cast):
    grace, password = cast.grace.email, cast.password_of(cast.grace)
    with time_machine.travel(start := clock.now(), tick=False):
        for _ in range(5):
            sign_in(client, grace, "wrong")
        response = sign_in(client, grace, password)
    with time_machine.travel(start + timedelta(seconds=31), tick=False):
        later = sign_in(client, grace, password)

    assert response.status_code == 429
    assert response.headers["Retry-After"] == "30"
    assert later.location == "/family"


def test_an_unknown_email_waits_as_a_known_one_does(client, cast):
    for _ in range(5):
        sign_in(client, "nobody@example.com", "wrong")

    assert sign_in(client, "nobody@example.com", "wrong").status_code == 429


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("/family/account", "/family/account"),
        ("//evil.example", "/family"),
        ("/\\evil.example", "/family"),
        ("https://evil.example/family", "/family"),
        ("javascript:alert(1)", "/family"),
        ("/%09/evil.example", "/family"),
    ],
)
def test_afterwards_one_goes_on_only_to_pages_of_ours(client, cast, asked, expected):
    response = sign_in(client, cast.grace.email, cast.password_of(cast.grace), f"/sign-in?next={asked}")

    assert response.location == expected


def test_a_page_that_needs_a_sign_in_comes_after_it(client, cast):
    page = f"/family/students/{cast.mia.public_id}"

    asked = client.get(page)
    response = sign_in(client, cast.grace.email, cast.password_of(cast.grace), asked.location)

    assert asked.location.startswith("/sign-in?next=")
    assert response.location == page


def test_who_is_signed_in_already_goes_on(cast, as_):
    assert as_(cast.grace).get("/sign-in").location == "/family"


def test_a_new_sign_in_gets_a_new_session(client, cast):
    with client.session_transaction() as cookie:
        cookie["planted"], cookie["language"] = "x", "es"

    sign_in(client, cast.grace.email, cast.password_of(cast.grace))

    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie["language"] == "es"


def test_a_hash_of_an_old_price_is_made_anew(client, cast):
    password = cast.password_of(cast.grace)
    old = passwords._hasher
    passwords.use_cost(2, 16)
    try:
        sign_in(client, cast.grace.email, password)
        assert not passwords.needs_rehash(cast.grace.password_hash)
        assert passwords.verify(cast.grace.password_hash, password)
    finally:
        passwords._hasher = old


def test_signing_out_ends_the_sign_in_on_the_server(client, cast):
    sign_in(client, cast.grace.email, cast.password_of(cast.grace))
    with client.session_transaction() as cookie:
        kept = dict(cookie)

    response = post(client, "/sign-out")
    with client.session_transaction() as cookie:
        cookie.update(kept)

    assert response.location == "/sign-in"
    assert db.session.query(SignIn).filter_by(account_id=cast.grace.id).count() == 0
    assert client.get("/family").location.startswith("/sign-in")


def test_staff_who_sign_out_come_to_their_own_door(cast, as_):
    assert post(as_(cast.otto), "/sign-out").location == "/staff/sign-in"


def test_signing_out_without_being_in_is_no_error(client, cast):
    assert post(client, "/sign-out").location == "/sign-in"


def test_a_guardian_stays_signed_in_for_thirty_days(client, cast):
    with time_machine.travel(start := clock.now(), tick=False):
        sign_in(client, cast.grace.email, cast.password_of(cast.grace))
    with time_machine.travel(start + timedelta(days=29), tick=False):
        assert client.get("/family").status_code == 200
    with time_machine.travel(start + timedelta(days=30), tick=False):
        assert client.get("/family").status_code == 303
