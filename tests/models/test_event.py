"""The audit record: rows are only ever added, say who, what, where and when, and hold no secret."""

import json
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal import clock, db
from portal.models import AccessCode, Event, EventKind
from portal.models.event import moment
from portal.models.guardians.pairing import RevocationReason
from portal.models.guardians.redemption import CodeRefused, redeem
from portal.models.guardians.revocation import revoke
from portal.text import access_code
from tests import elsewhere, rows

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def recorded(app: Flask) -> None:
    with db.writing():
        Event.record(EventKind.WRONG_CODE_TRIED, address="192.0.2.7", number=1)


def test_no_event_is_changed_or_deleted(recorded: None):
    for statement in (
        "UPDATE events SET kind = 'something else'",
        "UPDATE events SET at = at WHERE id = 1",
        "DELETE FROM events",
        "DELETE FROM events WHERE id = 1",
    ):
        with pytest.raises(DBAPIError, match="append-only"), db.writing():
            db.session.execute(text(statement))

    assert elsewhere.read("SELECT kind FROM events WHERE id = 1") == "wrong code tried"


def test_no_event_is_replaced(recorded: None):
    if db.db.engine.dialect.name != "sqlite":
        pytest.skip("only SQLite can replace a row")

    with pytest.raises(DBAPIError, match="append-only"), db.writing():
        db.session.execute(text("REPLACE INTO events (id, at, kind) VALUES (1, '2020-01-01', 'x')"))


def test_not_all_events_are_thrown_away_at_once(recorded: None):
    if db.db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no such statement")

    with pytest.raises(DBAPIError, match="append-only"), db.writing():
        db.session.execute(text("TRUNCATE events CASCADE"))


def test_an_event_says_who_did_what_where_and_when(app: Flask):
    mia = rows.student(rows.school())
    otto, grace = rows.staff(mia.school), rows.guardian()

    with db.writing():
        otto.acting_from = "192.0.2.9"
        Event.record(EventKind.REVOKED, by=otto, student_id=mia.id, about_id=grace.id, reason="custody")

    event = db.session.scalars(select(Event)).one()
    assert (event.account_id, event.student_id, event.about_id) == (otto.id, mia.id, grace.id)
    assert (event.address, event.at, event.details) == ("192.0.2.9", clock.now(), {"reason": "custody"})


def test_an_event_is_written_with_the_act_or_not_at_all(app: Flask):
    with pytest.raises(ZeroDivisionError), db.writing():
        _record_and_fail()

    assert elsewhere.read("SELECT count(*) FROM events") == 0


def test_the_moment_never_runs_backwards(app: Flask, now: time_machine.Traveller):
    with db.writing():
        Event.record(EventKind.WRONG_CODE_TRIED)
    now.shift(-timedelta(days=30))
    with db.writing():
        Event.record(EventKind.WRONG_CODE_TRIED)

    assert clock.now() < moment() == rows.MORNING
    now.shift(timedelta(days=60))
    assert moment() == clock.now()


def test_the_record_of_a_whole_life_holds_no_code_no_name_and_no_email(app: Flask):
    secrets = live_a_whole_life()

    events = db.session.execute(text("SELECT * FROM events")).all()
    written = json.dumps([list(map(str, event)) for event in events]).casefold()
    assert len(events) >= 8
    assert [secret for secret in secrets if secret.casefold() in written] == []


def live_a_whole_life() -> list[str]:
    """Enable, redeem, try wrong ones, reset, revoke, close; what must have left no trace in the record."""
    mia = rows.student(rows.school())
    otto, grace = rows.staff(mia.school), rows.guardian()
    first = rows.enabled(mia, otto).text
    pairing = rows.paired(grace, mia)
    with db.writing():
        second = AccessCode.replace(mia, by=otto).text
    wrong = access_code.draw()
    for tried in (first, wrong):
        with db.writing(), pytest.raises(CodeRefused):
            redeem([tried], by=grace, address=rows.ADDRESS)
    with db.writing():
        (third,) = revoke([pairing], by=otto, reason=RevocationReason.CUSTODY, note="Judge Harlan said so")
    codes = [first, second, wrong, third.text]
    with db.writing():
        third.close(by=otto)
    spelt = [access_code.pretty(code) for code in codes]
    return [*codes, *spelt, grace.email, otto.email, "Sullivan", "Mia", "Harlan"]


def _record_and_fail() -> None:
    Event.record(EventKind.WRONG_CODE_TRIED)
    raise ZeroDivisionError
