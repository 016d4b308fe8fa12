"""A verb that a form attempts is done whole, tried again where that helps, or refused in words."""

import pytest
from sqlalchemy.exc import OperationalError
from wtforms import StringField
from wtforms.validators import Length

from portal import db
from portal.db import Refused
from portal.forms.base import Form
from portal.text.language import in_language


class Deadlock(Exception):
    sqlstate = "40P01"


@pytest.fixture
def form(app):
    with app.test_request_context():
        yield Form()


def raise_limit(mia, *, then: Exception | None = None) -> str:
    mia.guardian_limit = 9
    db.session.flush()
    if then:
        raise then
    return "done"


def test_what_the_verb_gives_is_given_back_and_stored(form, mia):
    assert form.attempt(lambda: raise_limit(mia)) == "done"

    db.session.expire_all()
    assert mia.guardian_limit == 9
    assert form.status == 200


def test_a_refusal_changes_nothing_and_is_said_on_the_form(form, mia):
    assert form.attempt(lambda: raise_limit(mia, then=Refused("Not today."))) is None

    db.session.expire_all()
    assert mia.guardian_limit == 6
    assert form.form_errors == ["Not today."]
    assert form.status == 422


def test_a_deadlock_is_tried_again(form, mia):
    errors = [OperationalError("UPDATE", {}, Deadlock()), None]

    assert form.attempt(lambda: raise_limit(mia, then=errors.pop(0))) == "done"
    assert errors == []


class ShortText(Form):
    text = StringField("Text", [Length(max=3)])


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Field cannot be longer than 3 characters."),
        ("es", "El campo no puede tener más de 3 caracteres."),
    ],
)
def test_what_wtforms_says_is_in_the_language_of_now(app, language, sentence):
    with app.test_request_context(method="POST", data={"text": "four"}), in_language(language):
        form = ShortText(meta={"csrf": False})
        form.validate()

    assert form.errors == {"text": [sentence]}
