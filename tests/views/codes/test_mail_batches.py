"""Email Login Instructions for many: a page first, all of it owed at once, and what became of each."""

import re
from datetime import date

import pytest
from sqlalchemy import func, select

from portal import clock, db
from portal.mail.sender import MemorySender
from portal.models import Batch, Contact, EventKind, OutboxMessage
from portal.models.mail.batch import addressees_of, minutes_for
from portal.models.mail.contacts import AGAIN_AFTER
from tests import rows
from tests.browsing import get, post
from tests.models.orders import place
from tests.statements import counted
from tests.views.codes.test_batches import events, plan, text_of
from tests.working import worker

__all__ = ["worker"]  # a fixture


def mailing(browser, *students, **fields) -> str:
    return plan(browser, "email", *students, **fields)


def mails() -> list[OutboxMessage]:
    db.session.rollback()
    return list(db.session.scalars(select(OutboxMessage).where(OutboxMessage.batch_id.is_not(None))))


def write_to(student, *addresses: str) -> None:
    """These are the addresses on file."""
    with db.writing():
        for contact in db.session.scalars(select(Contact).filter_by(student_id=student.id)):
            contact.email = None
        for number, address in enumerate(addresses):
            db.session.add(
                Contact(student_id=student.id, source_id=f"c{number}", given_name="Kim", email=address)
            )


def test_the_page_says_first_who_is_written_to_and_shows_the_message(cast, as_):
    write_to(cast.mia, "one@home.example", "two@home.example")
    write_to(cast.noah)
    otto = as_(cast.otto)

    page = otto.get(mailing(otto, cast.mia, cast.noah, cast.lucia))
    words = text_of(page)

    assert "2 emails are sent, for 1 student." in words
    assert re.search(r"No email address \(1\).*Noah Adler", words)
    assert re.search(r"No code that works \(1\).*Lucía", words)
    assert "within about 1 minute" in words
    assert "ABCD-1234-EFGH" in page.text
    assert cast.code_of(cast.mia) not in page.text.replace("-", "")


def test_all_of_it_is_owed_and_goes_out(cast, as_, worker):
    write_to(cast.mia, "one@home.example", "two@other.example")
    write_to(cast.noah, "three@home.example")
    otto = as_(cast.otto)
    page = mailing(otto, cast.mia, cast.noah)

    assert post(otto, page).location == page
    worker.run_queued()

    assert isinstance(worker.sender, MemorySender)
    assert {str(mail["To"]) for mail in worker.sender.sent} == {
        "one@home.example", "two@other.example", "three@home.example",
    }  # fmt: skip
    assert events(EventKind.CODE_MAILED) == 2
    assert "3 of 3" in text_of(otto.get(page))


def test_sent_twice_is_sent_once(cast, as_):
    write_to(cast.mia, "one@home.example")
    otto = as_(cast.otto)
    page, another = mailing(otto, cast.mia), mailing(otto, cast.mia)

    post(otto, page)
    post(otto, page)
    post(otto, another)

    assert len(mails()) == 1
    assert "On its way already (1)" in text_of(otto.get(another))


def test_after_a_while_a_reminder_may_go(cast, as_, now):
    write_to(cast.mia, "one@home.example")
    otto = as_(cast.otto)
    post(otto, mailing(otto, cast.mia))
    now.shift(AGAIN_AFTER)

    post(otto, mailing(otto, cast.mia))

    assert len(mails()) == 2


def test_an_address_that_is_on_file_twice_gets_one_mail(cast, as_):
    write_to(cast.mia, "one@home.example", "ONE@home.example")
    otto = as_(cast.otto)

    post(otto, mailing(otto, cast.mia))

    assert len(mails()) == 1


def test_who_may_not_see_the_student_is_left_out(cast, as_):
    write_to(cast.mia, "One@home.example", "two@home.example")
    write_to(cast.noah, "one@home.example")
    otto = as_(cast.otto)
    page = mailing(otto, cast.mia, cast.noah)
    place(cast.mia, "one@home.example", by=cast.otto, first=date(2020, 1, 1))
    place(cast.noah, "one@home.example", by=cast.otto, first=date(2020, 1, 1))

    assert "1 email is sent, for 1 student." in text_of(otto.get(page))
    post(otto, page)
    assert [(mail.student_id, mail.to_address) for mail in mails()] == [(cast.mia.id, "two@home.example")]


def test_nobody_with_an_address_is_said(cast, as_):
    write_to(cast.mia)
    otto = as_(cast.otto)
    page = mailing(otto, cast.mia)

    assert "None of their contacts on file has an email address." in text_of(otto.get(page))
    post(otto, page)
    assert mails() == []


@pytest.mark.parametrize("htmx", [False, True])
def test_failures_are_shown_for_each_family(cast, as_, worker, htmx):
    write_to(cast.mia, "one@home.example")
    write_to(cast.noah, "two@home.example")
    otto = as_(cast.otto)
    page = mailing(otto, cast.mia, cast.noah)
    post(otto, page)
    first, second = mails()
    with db.writing():
        first.give_up("This address was refused (550 5.1.1).")
        second.hand_over()
        second.leave_in_doubt("The connection to the mail server broke off.")

    part = text_of(get(otto, page, htmx=htmx))

    assert "This address was refused (550 5.1.1)." in part
    assert "It may have been sent; we did not send it twice." in part
    assert "Send again…" in part


def test_a_family_that_moved_away_is_not_named_any_more(cast, as_):
    write_to(cast.mia, "one@home.example")
    otto = as_(cast.otto)
    page = mailing(otto, cast.mia)
    post(otto, page)
    with db.writing():
        mails()[0].give_up("This address was refused (550 5.1.1).")
        cast.mia.school_id = cast.riverside.id

    assert "one@home.example" not in otto.get(page).text


def test_thousands_are_owed_in_few_statements(app, as_):
    school = rows.school()
    office = rows.staff(school)
    for number in range(60):
        student = rows.student(school, f"Child{number} Okafor")
        rows.enabled(student, office)
        write_to(student, f"family{number}@home.example")
    otto = as_(office)
    page = mailing(otto, school=school.public_id)

    with counted() as statements:
        post(otto, page)

    assert len(mails()) == 60
    assert statements.commits == 1
    assert len(statements) <= 20, "\n".join(statements)


def test_the_pace_decides_how_long_it_takes(cast, as_):
    write_to(cast.mia, "one@home.example", "two@home.example", "three@other.example")
    otto = as_(cast.otto)
    mailing(otto, cast.mia)
    batch = db.session.scalars(select(Batch).order_by(Batch.id.desc())).first()

    addressees = addressees_of(batch, by=cast.otto)

    assert minutes_for(addressees, pace=1) == 2
    assert minutes_for(addressees, pace=30) == 1


def test_forgetting_the_batch_keeps_the_mail(cast, as_, now):
    write_to(cast.mia, "one@home.example")
    otto = as_(cast.otto)
    post(otto, mailing(otto, cast.mia))
    message_id = mails()[0].id
    with db.writing():
        db.session.execute(Batch.__table__.update().values(created_at=clock.now().replace(year=2020)))
        Batch.tidy_up()

    assert db.session.get_one(OutboxMessage, message_id, populate_existing=True).batch_id is None
    assert db.session.scalar(select(func.count(Batch.id))) == 0
