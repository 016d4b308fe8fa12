"""Staff come in with email and password."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from sqlalchemy import select

from portal import clock, db
from portal.crypto import passwords
from portal.models import Event, EventKind, SignIn
from tests.browsing import get, post

WRONG = "The email or the password is not right."
SIGN_IN = "/staff/sign-in"


def sign_in(browser, cast, account, password=None, url=SIGN_IN):
    return post(browser, url, email=account.email, password=password or cast.password_of(account))


def path_of(response):
    return urlsplit(response.location).path


def test_the_right_password_leads_to_the_students(cast, client):
    response = sign_in(client, cast, cast.otto)

    assert (response.status_code, path_of(response)) == (303, "/students")
    assert client.get("/students").status_code == 200


def test_the_email_is_read_however_it_is_typed(cast, client):
    response = post(client, SIGN_IN, email=" OTTO@Example.org ", password=cast.password_of(cast.otto))

    assert response.status_code == 303


def test_known_and_unknown_emails_get_the_same_answer(cast, client):
    known = sign_in(client, cast, cast.otto, "not the password")
    unknown = post(client, SIGN_IN, email=cast.otto.email + "x", password="not the password")

    assert known.status_code == unknown.status_code == 422
    assert WRONG in known.text
    assert WRONG in unknown.text


def test_the_email_of_a_guardian_opens_no_staff_account(cast, client):
    assert WRONG in sign_in(client, cast, cast.grace).text


def test_no_access_is_told_only_to_who_knows_the_password(cast, client):
    right = sign_in(client, cast, cast.nils)
    wrong = sign_in(client, cast, cast.nils, "not the password")

    assert "This account has no access at the moment." in right.text
    assert WRONG in wrong.text
    assert db.session.scalar(select(SignIn.id).where(SignIn.account_id == cast.nils.id)) is None


def test_after_five_wrong_passwords_the_right_one_has_to_wait_too(cast, client):
    with time_machine.travel(clock.now(), tick=False) as moment:
        for _ in range(5):
            sign_in(client, cast, cast.otto, "not the password")
        refused = sign_in(client, cast, cast.otto)
        moment.shift(timedelta(seconds=31))
        admitted = sign_in(client, cast, cast.otto)

    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "30")
    assert admitted.status_code == 303


@pytest.mark.parametrize(
    "wish",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/%5Cevil\\", "javascript:alert(1)"],
)
def test_next_never_leads_elsewhere(cast, client, wish):
    response = post(client, SIGN_IN, next=wish, email=cast.otto.email, password=cast.password_of(cast.otto))

    assert path_of(response) == "/students"
    assert urlsplit(response.location).netloc == ""


def test_a_stranger_gets_to_the_page_they_asked_for(cast, client):
    page = f"/students/{cast.mia.public_id}/portal-access"
    asked = client.get(page)

    response = sign_in(client, cast, cast.otto, url=asked.location)

    assert response.location == page


def test_htmx_is_sent_to_sign_in_as_a_whole_page(cast, client):
    response = get(client, f"/students/{cast.mia.public_id}/portal-access", htmx=True)

    assert response.status_code == 401
    assert response.headers["HX-Redirect"] == SIGN_IN


def test_each_sign_in_starts_a_new_session(cast, client):
    client.get(SIGN_IN)
    with client.session_transaction() as session:
        session["left over"] = "from before"

    sign_in(client, cast, cast.otto)

    with client.session_transaction() as session:
        assert "left over" not in session
        assert not session.permanent


def test_an_old_hash_is_replaced_by_one_of_today(cast, client):
    passwords.use_cost(2, 8)
    try:
        before = cast.otto.password_hash
        sign_in(client, cast, cast.otto)
        assert cast.otto.password_hash != before
    finally:
        passwords.use_cost(1, 8)
    assert passwords.verify(cast.otto.password_hash, cast.password_of(cast.otto))


def test_what_happened_is_on_record(cast, client):
    sign_in(client, cast, cast.otto, "not the password")
    sign_in(client, cast, cast.otto)

    newest = select(Event.kind, Event.account_id, Event.about_id).order_by(Event.id.desc()).limit(2)
    assert [tuple(row) for row in db.session.execute(newest)] == [
        (EventKind.SIGNED_IN.value, cast.otto.id, None),
        (EventKind.SIGN_IN_FAILED.value, None, cast.otto.id),
    ]


def test_a_missing_token_signs_nobody_in(cast, client):
    fields = {"email": cast.otto.email, "password": cast.password_of(cast.otto)}

    assert client.post(SIGN_IN, data=fields).status_code == 400


def test_network_level_only_begins_at_the_network(cast, client):
    response = sign_in(client, cast, cast.ona)

    assert path_of(response) == "/network"
    assert "No student is named here" in client.get("/network").text
