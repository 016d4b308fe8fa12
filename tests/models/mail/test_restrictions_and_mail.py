"""Nothing about a student is mailed to who may not see them."""

import pytest
from sqlalchemy import select

from portal import db
from portal.db import Refused
from portal.models import Contact, OutboxMessage
from portal.models.accounts.own_account import confirm_email
from portal.models.mail.instructions import contacts_with_email, send_instructions
from tests import rows
from tests.models.orders import place

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def minh(mia, otto, grace):
    """Mia's other parent; both are paired."""
    rows.enabled(mia, otto)
    rows.paired(grace, mia)
    minh = rows.guardian("Minh Sullivan")
    rows.paired(minh, mia)
    return minh


def test_mail_that_waits_is_dropped_and_says_why(mia, otto, grace, minh):
    with db.writing():
        for address in ("Grace@home.example", "minh@home.example"):
            send_instructions(mia, to=address, language=None, by=otto)
    place(mia, grace.email, by=otto)

    mails = dict(db.session.execute(select(OutboxMessage.to_address, OutboxMessage.failure)).all())
    assert mails == {
        "Grace@home.example": "This person may not see the student at present.",
        "minh@home.example": None,
    }


def test_login_instructions_are_neither_offered_nor_sent_to_them(mia, otto, grace, minh):
    for name, email in (("Grace", "GRACE@home.example"), ("Minh", "minh@home.example")):
        rows.stored(Contact(student_id=mia.id, given_name=name, email=email))
    place(mia, grace.email, by=otto)

    assert [contact.given_name for contact in contacts_with_email(mia)] == ["Minh"]
    with pytest.raises(Refused, match="Access is restricted for grace@home"), db.writing():
        send_instructions(mia, to="grace@home.example", language=None, by=otto)


def test_the_email_they_changed_to_gets_no_mail_either(mia, otto, grace, minh):
    place(mia, grace.email, by=otto)
    with db.writing():
        confirm_email(grace, "gracie@home.example")

    with pytest.raises(Refused, match="Access is restricted"), db.writing():
        send_instructions(mia, to="gracie@home.example", language=None, by=otto)
