"""Rows made from columns that a statement has read are what the session would have read."""

from typing import Any

from flask import Flask
from sqlalchemy import select

from portal import db
from portal.models import School, SignIn
from portal.models.loaded import loaded
from tests import elsewhere, rows
from tests.statements import counted


def columns(school: School) -> dict[str, Any]:
    """What a statement reads of a school, when the session holds none."""
    found = select(School.id, School.public_id, School.name).where(School.id == school.id)
    read = dict(db.session.connection().execute(found).one()._mapping)
    db.session.expunge_all()
    return read


def test_what_was_given_is_not_read_again_and_the_rest_is_when_it_is_asked_for(app: Flask):
    row = loaded(School, columns(rows.school("Lincoln")))

    with counted() as statements:
        assert (row.name, len(statements)) == ("Lincoln", 0)
        assert (row.time_zone, row.language, len(statements)) == ("America/New_York", "en", 1)


def test_it_is_the_row_that_the_session_knows(app: Flask):
    given = columns(rows.school())

    assert loaded(School, given) is loaded(School, given) is db.session.get(School, given["id"])


def test_a_change_that_is_not_stored_yet_stays(app: Flask):
    given = columns(rows.school("Lincoln"))
    with db.writing():
        loaded(School, given).name = "Roosevelt"

        assert loaded(School, given).name == "Roosevelt"

    assert elsewhere.read("SELECT name FROM schools") == "Roosevelt"


def test_it_is_read_anew_in_a_write_transaction(app: Flask):
    row = loaded(School, columns(rows.school("Lincoln")))
    db.session.rollback()
    elsewhere.write("UPDATE schools SET name = 'Roosevelt'")

    with db.writing():
        assert row.name == "Roosevelt"


def test_a_sign_in_brings_every_column_that_requests_ask_for(app: Flask):
    otto = rows.staff(rows.school("Lincoln"))
    with db.writing():
        token = SignIn.start(otto, browser=None, address=None).token
    db.session.expunge_all()

    with counted() as statements:
        sign_in = SignIn.recognise(token)
        assert sign_in is not None
        account = sign_in.account
        assert (account.name, account.email, account.is_closed()) == ("Otto Office", otto.email, False)
        assert (sign_in.has_recent_password, sign_in.is_stale, sign_in.second_factor_at) == (
            True,
            False,
            None,
        )

    assert len(statements) == 1
