from datetime import timedelta

import time_machine

from portal import clock, db
from portal.crypto import passwords, signed_links
from portal.models import Account, EventKind, Guardian
from tests.browsing import post
from tests.views.family_pages import PASSWORD, enter, events, mails, sign_in


def link(account: Account, purpose: str = signed_links.PASSWORD_RESET) -> str:
    claims = {"account": account.public_id, "epoch": account.password_epoch}
    return f"/password/reset/{signed_links.make(purpose, claims)}"


def ask(client, email: str):
    return post(client, "/password/forgotten", email=email)


def unverify(account: Account) -> None:
    with db.writing():
        account.email_verified_at = None


def test_a_verified_email_gets_a_link(client, cast):
    response = ask(client, cast.grace.email.upper())

    assert response.location == "/password/forgotten/sent"
    assert client.get(response.location).status_code == 200
    assert mails("password_reset") == [cast.grace.email]
    assert events(EventKind.PASSWORD_RESET_ASKED) == 1


def test_an_unknown_email_gets_the_same_answer_and_no_mail(client, cast):
    known, unknown = ask(client, cast.grace.email), ask(client, "nobody@example.com")

    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert mails("password_reset") == [cast.grace.email]


def test_an_email_that_was_never_verified_gets_no_mail(client, cast):
    unverify(cast.grace)

    ask(client, cast.grace.email)

    assert mails("password_reset") == []


def test_who_has_the_letter_in_hand_gets_the_mail_all_the_same(client, cast):
    unverify(cast.grace)
    enter(client, cast.code_of(cast.mia))

    ask(client, cast.grace.email)

    assert mails("password_reset") == [cast.grace.email]


def test_the_letter_of_another_child_vouches_for_nobody(client, cast):
    unverify(cast.grace)
    enter(client, cast.code_of(cast.noah))

    ask(client, cast.grace.email)

    assert mails("password_reset") == []


def test_five_mails_an_hour_are_enough(client, cast):
    answers = [ask(client, cast.grace.email).location for _ in range(7)]

    assert set(answers) == {"/password/forgotten/sent"}
    assert len(mails("password_reset")) == 5


def test_an_email_of_two_accounts_gets_a_link_for_each(client, cast):
    with db.writing():
        cast.ada.email_verified_at = clock.now()
        cast.grace.email = cast.ada.email

    ask(client, cast.ada.email)

    assert mails("password_reset") == [cast.ada.email] * 2


def test_the_link_changes_the_password_once_and_ends_every_sign_in(client, cast, as_):
    signed_in, mailed = as_(cast.grace), link(cast.grace)
    shown = client.get(mailed)

    response = post(client, mailed, password=PASSWORD)

    assert cast.grace.email in shown.text
    assert response.location == "/sign-in"
    assert signed_in.get("/family").status_code == 303
    assert sign_in(client, cast.grace.email, PASSWORD).location == "/family"
    assert client.get(mailed).status_code == 410
    assert post(client, mailed, password="another long password").status_code == 410
    assert events(EventKind.PASSWORD_CHANGED) == 1


def test_opening_the_link_changes_nothing(client, cast):
    before = cast.grace.password_hash

    client.get(link(cast.grace))

    assert cast.grace.password_hash == before


def test_the_link_works_for_half_an_hour(client, cast):
    with time_machine.travel(start := clock.now(), tick=False):
        mailed = link(cast.grace)
    with time_machine.travel(start + timedelta(minutes=30), tick=False):
        assert client.get(mailed).status_code == 200
    with time_machine.travel(start + timedelta(minutes=30, seconds=2), tick=False):
        assert client.get(mailed).status_code == 410
        assert post(client, mailed, password=PASSWORD).status_code == 410


def test_a_forged_link_opens_nothing(client, cast):
    other = signed_links.make(signed_links.EMAIL_CHECK, {"account": cast.grace.public_id, "email": "x"})

    assert client.get("/password/reset/forged").status_code == 410
    assert client.get(f"/password/reset/{other}").status_code == 410


def test_a_weak_password_is_refused_and_the_link_still_works(client, cast):
    mailed = link(cast.grace)

    weak = post(client, mailed, password="grace tran 2026")

    assert weak.status_code == 422
    assert "a name or an email address that others know" in weak.text
    assert post(client, mailed, password=PASSWORD).status_code == 303


def test_the_link_proves_the_email_and_ends_the_wait(client, cast):
    unverify(cast.grace)
    for _ in range(5):
        sign_in(client, cast.grace.email, "wrong")

    post(client, link(cast.grace), password=PASSWORD)

    assert cast.grace.email_verified_at is not None
    assert sign_in(client, cast.grace.email, PASSWORD).location == "/family"


def test_pending_codes_are_kept(client, cast):
    enter(client, cast.code_of(cast.noah))

    post(client, link(cast.grace), password=PASSWORD)

    assert sign_in(client, cast.grace.email, PASSWORD).location == "/join/student"


def test_staff_come_to_their_own_door_also_with_an_invitation(client, cast):
    with db.writing():
        cast.ada.password_hash = None

    response = post(client, link(cast.ada, signed_links.INVITATION), password=PASSWORD)

    assert response.location == "/staff/sign-in"
    assert passwords.verify(cast.ada.password_hash, PASSWORD)


def test_a_closed_account_gets_neither_mail_nor_password(client, cast):
    mailed, email = link(cast.grace), cast.grace.email
    with db.writing():
        cast.grace.closed_at = clock.now()

    ask(client, email)

    assert mails("password_reset") == []
    assert client.get(mailed).status_code == 410
    assert Guardian.with_email(email).closed_at is not None


def test_a_link_mailed_to_the_old_email_ends_when_the_email_changes(client, cast):
    mailed = link(cast.grace)
    with db.writing():
        cast.grace.email = "new@example.com"

    assert client.get(mailed).status_code == 410
