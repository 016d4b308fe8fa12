from datetime import timedelta

import pytest
import time_machine

from portal import clock, db
from portal.crypto import passwords, signed_links
from portal.models import EventKind, Guardian, SignIn
from tests.browsing import post
from tests.views.family_pages import NEWCOMER, PASSWORD, events, join, mails, sign_in

ACCOUNT = "/family/account"


def confirmation(account, email: str) -> str:
    claims = {"account": account.public_id, "email": email}
    return f"/email/confirm/{signed_links.make(signed_links.EMAIL_CHECK, claims)}"


def test_the_page_shows_name_email_and_browsers(cast, as_):
    page = as_(cast.grace).get(ACCOUNT).text

    assert "Grace Tran" in page
    assert cast.grace.email in page
    assert "Confirmed" in page
    assert "This browser" in page


@pytest.mark.parametrize("page", ["", "/password", "/email", "/deletion"])
def test_the_pages_are_for_guardians_who_are_signed_in(client, cast, as_, page):
    assert client.get(ACCOUNT + page).location.startswith("/sign-in")
    assert as_(cast.otto).get(ACCOUNT + page).status_code == 403
    assert as_(cast.grace).get(ACCOUNT + page).status_code == 200


def test_a_new_password_needs_the_old_one_and_ends_other_sign_ins(cast, as_):
    here, elsewhere = as_(cast.grace), as_(cast.grace)
    old = cast.password_of(cast.grace)

    wrong = post(here, f"{ACCOUNT}/password", current="wrong", password=PASSWORD)
    right = post(here, f"{ACCOUNT}/password", current=old, password=PASSWORD)

    assert wrong.status_code == 422
    assert "This is not your password." in wrong.text
    assert right.location == ACCOUNT
    assert passwords.verify(cast.grace.password_hash, PASSWORD)
    assert here.get(ACCOUNT).status_code == 200
    assert elsewhere.get(ACCOUNT).status_code == 303
    assert events(EventKind.PASSWORD_CHANGED) == 1


def test_a_weak_new_password_is_refused(cast, as_):
    before = cast.grace.password_hash

    response = post(
        as_(cast.grace), f"{ACCOUNT}/password", current=cast.password_of(cast.grace), password="grace tran 1"
    )

    assert response.status_code == 422
    assert cast.grace.password_hash == before


def test_guessing_the_old_password_has_to_wait(cast, as_):
    grace = as_(cast.grace)
    for _ in range(5):
        post(grace, f"{ACCOUNT}/password", current="wrong", password=PASSWORD)

    response = post(grace, f"{ACCOUNT}/password", current="wrong", password=PASSWORD)

    assert response.status_code == 429
    assert "Retry-After" in response.headers


def test_a_new_email_counts_once_the_link_to_it_was_opened(client, cast, as_):
    grace, old = as_(cast.grace), cast.grace.email

    password = cast.password_of(cast.grace)
    asked = post(grace, f"{ACCOUNT}/email", current=password, email=" New.Address@Example.com ")
    unchanged, mailed = cast.grace.email, confirmation(cast.grace, "new.address@example.com")
    shown = grace.get(mailed)
    seen_only = cast.grace.email
    confirmed = post(grace, mailed)

    assert asked.location == ACCOUNT
    assert mails("email_check") == ["new.address@example.com"]
    assert (unchanged, seen_only) == (old, old)
    assert "new.address@example.com" in shown.text
    assert confirmed.location == ACCOUNT
    assert cast.grace.email == "new.address@example.com"
    assert events(EventKind.EMAIL_CHANGED) == 1
    assert mails("email_changed") == [old]


def test_whoever_holds_the_phone_cannot_change_the_email_without_the_password(cast, as_):
    grace = as_(cast.grace)

    answers = [
        post(grace, f"{ACCOUNT}/email", email="mine@example.com", **typed)
        for typed in ({}, *[{"current": "wrong"}] * 6)
    ]

    assert [answer.status_code for answer in answers] == [422] * 6 + [429]
    assert "This is not your password." in answers[1].text
    assert 'value="mine@example.com"' in answers[-1].text
    assert "Retry-After" in answers[-1].headers
    assert mails("email_check") == []


def test_many_links_to_one_new_address_have_to_wait(cast, as_):
    grace, typed = as_(cast.grace), {"current": cast.password_of(cast.grace), "email": "x@example.com"}

    answers = [post(grace, f"{ACCOUNT}/email", **typed) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    assert len(mails("email_check")) == 5


def test_an_email_of_another_guardian_cannot_be_taken(cast, as_):
    response = post(as_(cast.grace), confirmation(cast.grace, cast.rosa.email))

    assert response.status_code == 422
    assert "Another account has this email already." in response.text
    assert cast.grace.email == "grace@example.com"


def test_an_email_of_staff_is_no_obstacle(cast, as_):
    post(as_(cast.grace), confirmation(cast.grace, cast.ada.email))

    assert cast.grace.email == cast.ada.email


def test_a_link_for_another_account_does_nothing(cast, as_):
    response = post(as_(cast.grace), confirmation(cast.rosa, "x@example.com"))

    assert response.status_code == 410
    assert "It is for another account." in response.text
    assert cast.rosa.email == "rosa@example.com"


def test_a_link_that_is_too_old_or_forged_does_nothing(cast, as_):
    with time_machine.travel(clock.now() - timedelta(days=3, minutes=1), tick=False):
        old = confirmation(cast.grace, "x@example.com")
    grace = as_(cast.grace)

    assert [post(grace, each).status_code for each in (old, "/email/confirm/x")] == [410, 410]
    assert cast.grace.email == "grace@example.com"


def test_a_link_asks_strangers_to_sign_in_first(client, cast):
    mailed = confirmation(cast.grace, cast.grace.email)

    asked = client.get(mailed)

    response = sign_in(client, cast.grace.email, cast.password_of(cast.grace), asked.location)
    assert response.location == mailed


def test_the_first_email_is_confirmed_once(client, cast):
    join(client, cast.code_of(cast.noah))
    mailed = confirmation(Guardian.with_email(NEWCOMER), NEWCOMER)

    assert client.get(mailed).status_code == 200
    assert Guardian.with_email(NEWCOMER).email_verified_at is None
    post(client, mailed)
    post(client, mailed)

    assert Guardian.with_email(NEWCOMER).email_verified_at is not None
    assert events(EventKind.EMAIL_VERIFIED) == 1


def test_the_mail_can_be_sent_again_but_not_without_end(client, cast):
    join(client, cast.code_of(cast.noah))

    answers = [post(client, f"{ACCOUNT}/email/check").status_code for _ in range(6)]

    assert answers == [303] * 5 + [429]
    assert len(mails("email_check")) == 6


def test_another_browser_can_be_signed_out(cast, as_):
    here, elsewhere = as_(cast.grace), as_(cast.grace)
    other = db.session.query(SignIn).filter_by(account_id=cast.grace.id).order_by(SignIn.id.desc()).first()

    response = post(here, f"{ACCOUNT}/browsers/{other.public_id}")

    assert response.location == ACCOUNT
    assert elsewhere.get("/family").status_code == 303
    assert here.get("/family").status_code == 200


def test_a_browser_of_somebody_else_is_not_found(cast, as_):
    grace, rosa = as_(cast.grace), as_(cast.rosa)
    other = db.session.query(SignIn).filter_by(account_id=cast.rosa.id).one()

    assert post(grace, f"{ACCOUNT}/browsers/{other.public_id}").status_code == 404
    assert rosa.get("/family").status_code == 200


def test_deleting_the_account_ends_everything_and_frees_the_email(client, cast, as_):
    here, elsewhere, email = as_(cast.grace), as_(cast.grace), cast.grace.email
    password = cast.password_of(cast.grace)

    page = here.get(f"{ACCOUNT}/deletion").text
    wrong = post(here, f"{ACCOUNT}/deletion", current="wrong")
    still_open = cast.grace.closed_at is None
    response = post(here, f"{ACCOUNT}/deletion", current=password)

    assert "Delete your account?" in page
    assert wrong.status_code == 422
    assert still_open
    assert response.location == "/"
    assert cast.grace.closed_at is not None
    assert [each.guardian_id for each in cast.mia.live_pairings] == [cast.minh.id]
    assert (here.get("/family").status_code, elsewhere.get("/family").status_code) == (303, 303)
    assert sign_in(client, email, password).status_code == 422
    assert join(client, cast.code_of(cast.mia), email=email).location == "/family"
    assert events(EventKind.ACCOUNT_CLOSED) == 1
