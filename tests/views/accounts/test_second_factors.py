"""The second step of signing in."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine
from flask import Flask

from portal import clock, db
from portal.models import RecoveryCode
from portal.models.accounts.second_factor import RECOVERY_CODES
from tests.browsing import post

NEW, ASKED = "/staff/second-factor/new", "/staff/second-factor"


@pytest.fixture
def _required(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = replace(app.extensions["settings"], staff_second_factor="required")
    monkeypatch.setitem(app.extensions, "settings", settings)


@pytest.fixture
def moment():
    with time_machine.travel(datetime(2026, 11, 16, 15, 0, tzinfo=UTC), tick=False) as moment:
        yield moment


@pytest.fixture
def otto(cast, client, _required, moment):
    """Otto's browser after the right password."""
    post(client, "/staff/sign-in", email=cast.otto.email, password=cast.password_of(cast.otto))
    return client


def secret_on(page: str) -> str:
    key = re.search(r'<code class="code".*?</code>', page, re.DOTALL)
    assert key
    return "".join(re.findall(r"<span>(\w+)</span>", key[0]))


def set_up(browser) -> tuple[pyotp.TOTP, list[str]]:
    app = pyotp.TOTP(secret_on(browser.get(NEW).text))
    page = post(browser, NEW, digits=app.now())
    return app, re.findall(r"<li><code[^>]*>([0-9A-Z]{5}-[0-9A-Z]{5})<", page.text)


def again(browser, cast) -> None:
    """Sign out and give the password once more."""
    post(browser, "/sign-out")
    post(browser, "/staff/sign-in", email=cast.otto.email, password=cast.password_of(cast.otto))


def test_the_password_alone_opens_nothing(otto):
    assert otto.get("/students").location == ASKED
    assert otto.get(ASKED).location.startswith(NEW)


@pytest.mark.usefixtures("_required")
def test_a_stranger_has_no_second_step(client):
    assert client.get(ASKED).location == client.get(NEW).location == "/staff/sign-in"


def test_the_key_stays_the_same_until_it_is_confirmed(otto):
    assert secret_on(otto.get(NEW).text) == secret_on(otto.get(NEW).text)


def test_wrong_digits_set_nothing_up(otto, cast):
    otto.get(NEW)

    response = post(otto, NEW, digits="000000")

    assert response.status_code == 422
    assert cast.otto.totp_sealed is None


def test_setting_up_shows_ten_recovery_codes_and_lets_in(otto):
    _app, codes = set_up(otto)

    assert len(set(codes)) == RECOVERY_CODES
    assert otto.get("/students").status_code == 200


def test_the_secret_is_stored_sealed(otto, cast):
    app, _codes = set_up(otto)

    assert app.secret.encode() not in cast.otto.totp_sealed


def test_who_has_a_second_factor_cannot_set_up_another_with_the_password_alone(otto, cast, moment):
    set_up(otto)
    again(otto, cast)

    assert otto.get(NEW).location == ASKED
    assert post(otto, NEW, digits="123456").location == ASKED


def test_six_digits_work_once(otto, cast, moment):
    app, _codes = set_up(otto)
    moment.shift(timedelta(seconds=30))
    again(otto, cast)
    first = post(otto, ASKED, typed=app.now())
    again(otto, cast)

    second = post(otto, ASKED, typed=app.now())

    assert first.status_code == 303
    assert second.status_code == 422
    assert otto.get("/students").location == ASKED


def test_the_digits_that_confirmed_do_not_sign_in(otto, cast):
    app, _codes = set_up(otto)
    again(otto, cast)

    assert post(otto, ASKED, typed=app.now()).status_code == 422


def test_a_clock_that_is_half_a_minute_off_will_do_and_a_minute_will_not(otto, cast, moment):
    app, _codes = set_up(otto)
    moment.shift(timedelta(minutes=10))
    again(otto, cast)

    late = post(otto, ASKED, typed=app.at(clock.now() - timedelta(seconds=60)))
    near = post(otto, ASKED, typed=app.at(clock.now() - timedelta(seconds=30)))

    assert (late.status_code, near.status_code) == (422, 303)


def test_each_recovery_code_works_once_however_it_is_typed(otto, cast):
    _app, codes = set_up(otto)
    again(otto, cast)
    first = post(otto, ASKED, typed=codes[0].lower().replace("-", " "))
    again(otto, cast)

    second = post(otto, ASKED, typed=codes[0])

    assert (first.status_code, second.status_code) == (303, 422)


def test_recovery_codes_are_not_stored(otto):
    _app, codes = set_up(otto)

    digests = db.session.query(RecoveryCode.digest).all()

    assert not any(code.replace("-", "").encode() in digest for code in codes for (digest,) in digests)


def test_guessing_has_to_wait(otto, cast, moment):
    app, _codes = set_up(otto)
    moment.shift(timedelta(minutes=1))
    again(otto, cast)
    for _ in range(5):
        post(otto, ASKED, typed="000000")

    assert post(otto, ASKED, typed=app.now()).status_code == 429
    moment.shift(timedelta(seconds=31))
    assert post(otto, ASKED, typed=app.now()).status_code == 303
