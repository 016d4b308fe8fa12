from datetime import timedelta

import time_machine

from portal import clock, db
from portal.crypto import signed_links
from portal.models import Guardian
from portal.models.accounts import throttle
from tests.views.family_pages import HERE, NEWCOMER, join, mails, sign_up


def test_after_five_accounts_from_one_address_the_email_is_proven_first(app, cast):
    code = cast.code_of(cast.noah)
    with db.writing():
        cast.noah.guardian_limit = 20
    for number in range(5):
        assert join(app.test_client(), code, email=f"p{number}@example.com").location == "/family"
    sixth = app.test_client()

    response = join(sixth, code)

    assert response.location == "/join/check-your-email"
    assert "Check your email" in sixth.get(response.location).text
    assert Guardian.with_email(NEWCOMER) is None
    assert mails("sign_up_check") == [NEWCOMER]

    proof = signed_links.make(signed_links.SIGN_UP_CHECK, {"email": NEWCOMER})
    page = sixth.get(f"/join/account?proof={proof}").text
    made = sign_up(sixth, code, email="somebody.else@example.com", proof=proof)

    assert "readonly" in page
    assert made.location == "/family"
    assert Guardian.with_email(NEWCOMER).email_verified_at is not None
    assert Guardian.with_email("somebody.else@example.com") is None


def test_a_proof_opened_in_another_browser_asks_for_the_code_again(client, cast):
    proof = signed_links.make(signed_links.SIGN_UP_CHECK, {"email": NEWCOMER})

    page = client.get(f"/join/account?proof={proof}")
    first = sign_up(client, cast.code_of(cast.noah), proof=proof)
    second = sign_up(client, cast.code_of(cast.noah), proof=proof)

    assert page.status_code == 200
    assert "N. A." in first.text
    assert second.location == "/family"


def test_a_proof_that_is_too_old_or_forged_proves_nothing(client, cast):
    with time_machine.travel(clock.now() - timedelta(minutes=61), tick=False):
        old = signed_links.make(signed_links.SIGN_UP_CHECK, {"email": NEWCOMER})

    for proof in (old, "forged", signed_links.make(signed_links.EMAIL_CHECK, {"email": NEWCOMER})):
        assert client.get(f"/join/account?proof={proof}").location == "/join"


def test_a_known_email_leads_to_sign_in_even_after_five_accounts_from_one_address(app, cast):
    code = cast.code_of(cast.noah)
    with db.writing():
        for _ in range(5):
            throttle.may_sign_up(HERE)

    response = join(app.test_client(), code, email=cast.grace.email)

    assert response.location == "/sign-in"
    assert mails("sign_up_check") == []


def test_asking_for_proof_does_not_lengthen_the_hour(app, cast):
    with db.writing():
        for _ in range(5):
            throttle.may_sign_up(HERE)
    with time_machine.travel(clock.now() + timedelta(minutes=59)):
        asked = join(app.test_client(), cast.code_of(cast.noah))
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        made = join(app.test_client(), cast.code_of(cast.noah))

    assert asked.location == "/join/check-your-email"
    assert made.location == "/family"
