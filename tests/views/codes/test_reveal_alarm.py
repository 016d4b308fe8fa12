"""Codes taken out one by one are counted like those taken out by the hundred."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import db
from portal.models import Contact, Event, EventKind, MessageKind, OutboxMessage
from portal.models.accounts.alarms import reveal
from portal.policy.permissions import AccessLevel
from portal.text.access_code import pretty
from tests import rows
from tests.browsing import post
from tests.statements import counted
from tests.views.codes.test_batches import plan


@pytest.fixture(autouse=True)
def strict(monkeypatch):
    """Two students are one too many."""
    monkeypatch.setattr("portal.models.accounts.alarms.MOST_UNREMARKED", 1)


@pytest.fixture
def office(cast, as_):
    return as_(cast.otto)


def alarms() -> list[str]:
    db.session.rollback()
    mails = select(OutboxMessage.to_address).where(OutboxMessage.kind == MessageKind.REVEAL_ALARM.value)
    return list(db.session.scalars(mails))


def at(student, page) -> str:
    return f"/students/{student.public_id}/{page}"


def looks(browser, student):
    assert browser.get(at(student, "login-instructions")).status_code == 200


def prints(browser, student):
    assert browser.get(at(student, "login-instructions.pdf")).status_code == 200


def copies(browser, student):
    assert post(browser, at(student, "access-code/copy")).status_code == 204


def mails(browser, student):
    answer = post(browser, at(student, "login-instructions/mail"), email="someone@example.org")
    assert answer.status_code == 303


def enables(browser, student):
    answer = post(browser, at(student, "access-code"), htmx=True)
    assert (answer.status_code, 'id="instructions"' in answer.text) == (200, True)


def mails_in_bulk(browser, student):
    rows.stored(Contact(student_id=student.id, given_name="Kim", email="kim@example.org"))
    assert post(browser, plan(browser, "email", student)).status_code == 303


@pytest.mark.parametrize(
    "takes_out",
    [looks, prints, copies, mails, enables, mails_in_bulk],
    ids=lambda way: way.__name__,
)
def test_the_admins_hear_of_it_once_whatever_the_way(cast, office, takes_out):
    takes_out(office, cast.mia)
    copies(office, cast.mia)
    assert alarms() == []  # one student, however often
    takes_out(office, cast.noah)
    told = alarms()
    looks(office, cast.mia)
    looks(office, cast.noah)

    assert len(told) == 1
    assert alarms() == told


def test_different_ways_are_added_up(cast, office):
    looks(office, cast.mia)
    prints(office, cast.noah)

    assert len(alarms()) == 1


def test_it_is_on_record_and_says_who(cast, office):
    looks(office, cast.mia)
    looks(office, cast.noah)
    alarms()

    line = db.session.scalars(select(Event).filter_by(kind=EventKind.REVEALS_REPORTED.value)).one()
    assert (line.account_id, line.details) == (cast.otto.id, {"students": 2})
    mail = db.session.scalars(select(OutboxMessage).filter_by(kind=MessageKind.REVEAL_ALARM.value)).first()
    assert mail.words == {"name": cast.otto.name, "email": cast.otto.email, "count": "2"}


def test_others_are_not_counted_for_one(cast, as_, office):
    looks(office, cast.mia)
    looks(as_(cast.hana), cast.noah)

    assert alarms() == []


@pytest.mark.parametrize(("hours", "told"), [(23, 2), (25, 0)])
def test_what_is_longer_ago_than_a_day_is_not_counted(app, mia, otto, now, hours, told):
    noah, kim = (rows.student(mia.school, name) for name in ("Noah Sullivan", "Kim Sullivan"))
    for number in range(2):
        rows.staff(mia.school, AccessLevel.SCHOOL_ADMIN, f"Hana{number} Head")
    for student in (mia, noah, kim):
        with db.writing():
            reveal(EventKind.CODE_SHOWN, by=otto, student_id=student.id)
        now.shift(timedelta(hours=hours))

    assert len(alarms()) == told


def test_watching_one_code_is_one_statement(cast, office):
    looks(office, cast.mia)
    with counted() as statements:
        copies(office, cast.mia)

    assert [each for each in statements if "count(distinct" in each.lower()] == [statements[-1]]


def test_a_mail_form_that_is_refused_shows_no_code_and_counts_for_nothing(cast, office):
    for student in (cast.mia, cast.noah):
        answer = post(office, at(student, "login-instructions/mail"), email="someone")
        assert answer.status_code == 422
        assert pretty(cast.code_of(student)) not in answer.text
        assert cast.code_of(student) not in answer.text

    assert alarms() == []
