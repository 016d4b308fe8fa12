"""Acts of weight ask for the password again."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask, g

from portal import clock, db
from portal.demo import Cast
from portal.forms.base import ReauthenticationForm
from portal.models import Account, SignIn
from portal.models.accounts.sign_in import PASSWORD_LASTS
from tests import elsewhere


@pytest.fixture
def sign_in(cast: Cast) -> SignIn:
    """Otto's browser, some minutes after he signed in."""
    with db.writing():
        row = SignIn.start(cast.otto, browser="Test", address="127.0.0.1")
        row.password_given_at = clock.now() - PASSWORD_LASTS
    return row


def answer_to(app: Flask, sign_in: SignIn, **fields: str) -> ReauthenticationForm:
    """The form as the view finds it once it has asked whether the person is sure."""
    with app.test_request_context(method="POST", data=fields):
        g.account, g.sign_in = db.session.get(Account, sign_in.account_id), sign_in
        form = ReauthenticationForm(meta={"csrf": False})
        form.validate_on_submit() and form.confirm_password()
        return form


def test_whoever_signed_in_a_moment_ago_is_not_asked(app: Flask, cast: Cast, sign_in: SignIn):
    with db.writing():
        SignIn.note_password(sign_in.id)

    assert answer_to(app, sign_in).errors == {}


def test_the_right_password_counts_for_some_minutes(app: Flask, cast: Cast, sign_in: SignIn):
    assert answer_to(app, sign_in, password=cast.password_of(cast.otto)).errors == {}
    assert answer_to(app, sign_in).errors == {}

    with time_machine.travel(clock.now() + PASSWORD_LASTS, tick=False):
        assert answer_to(app, sign_in).errors == {"password": ["Enter your password."]}


def test_a_wrong_password_is_counted_as_at_signing_in(app: Flask, cast: Cast, sign_in: SignIn):
    for _try in range(5):
        refused = answer_to(app, sign_in, password="not his")
        assert refused.errors == {"password": ["This is not your password."]}
    waiting = answer_to(app, sign_in, password=cast.password_of(cast.otto))

    assert waiting.status == 429
    assert waiting.headers.keys() == {"Retry-After"}
    assert not sign_in.has_recent_password
    assert elsewhere.read("SELECT count(*) FROM events WHERE kind = 'sign-in failed'") == 5


def test_a_browser_from_before_there_was_such_a_note_is_asked(cast: Cast, sign_in: SignIn):
    sign_in.password_given_at = None

    assert not sign_in.has_recent_password


def test_a_clock_set_back_makes_nobody_sure_for_ever(cast: Cast, sign_in: SignIn):
    sign_in.password_given_at = clock.now() + timedelta(days=1)

    assert not sign_in.has_recent_password
