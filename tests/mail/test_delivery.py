"""The outbox: each message goes out once, or staff can read why it did not."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
import time_machine

from portal import db
from portal.config import Settings
from portal.demo import Cast
from portal.mail import delivery
from portal.mail.conversation import HandOver
from portal.mail.sender import MemorySender, NoSender, NotDelivered, SmtpSender
from portal.models import MessageKind, OutboxMessage
from portal.models.mail.outbox import LEASE, RETRY_AFTER
from tests.mail.conftest import Mailbox

Post = Callable[..., OutboxMessage]
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture
def at_noon():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def test_a_message_is_sent_once(posted: Post):
    message, sender = posted(), MemorySender()

    delivery.deliver(message.id, sender=sender)
    delivery.deliver(message.id, sender=sender)

    assert len(sender.sent) == 1
    assert message.sent_at is not None
    assert message.failed_at is None


def test_while_one_worker_sends_no_other_takes_the_message(posted: Post):
    message, others = posted(), MemorySender()

    class Slow(MemorySender):
        def send(self, mail: EmailMessage, *, hand_over: HandOver) -> None:
            delivery.deliver(message.id, sender=others)
            super().send(mail, hand_over=hand_over)

    slow = Slow()
    delivery.deliver(message.id, sender=slow)

    assert (len(slow.sent), len(others.sent)) == (1, 0)


def test_sending_holds_no_transaction(posted: Post):
    message = posted()

    class Watching(MemorySender):
        def send(self, mail: EmailMessage, *, hand_over: HandOver) -> None:
            self.was_in_transaction = db.session().in_transaction()

    watching = Watching()
    delivery.deliver(message.id, sender=watching)

    assert watching.was_in_transaction is False


def test_a_worker_that_dies_leaves_the_message_to_the_next_one(posted: Post, at_noon):
    message, sender = posted(), MemorySender()

    class Dying(MemorySender):
        def send(self, mail: EmailMessage, *, hand_over: HandOver) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        delivery.deliver(message.id, sender=Dying())
    delivery.deliver(message.id, sender=sender)
    assert sender.sent == []

    at_noon.move_to(NOON + LEASE)
    delivery.deliver(message.id, sender=sender)
    assert len(sender.sent) == 1


def test_a_message_at_which_workers_die_is_given_up(posted: Post, at_noon):
    message, now = posted(), NOON

    class Dying(MemorySender):
        def send(self, mail: EmailMessage, *, hand_over: HandOver) -> None:
            raise KeyboardInterrupt

    for _try in range(len(RETRY_AFTER) + 1):
        with pytest.raises(KeyboardInterrupt):
            delivery.deliver(message.id, sender=Dying())
        now += LEASE
        at_noon.move_to(now)
    delivery.deliver(message.id, sender=Dying())

    assert message.failed_at is not None
    assert "The worker stopped" in (message.failure or "")


def test_while_the_server_is_down_the_waits_grow_and_end(posted: Post, at_noon):
    message, waits = posted(), []

    while message.failed_at is None:
        before = message.due_at
        at_noon.move_to(before)
        delivery.deliver(message.id, sender=NoSender())
        waits.append(message.due_at - before)

    assert tuple(waits[:-1]) == RETRY_AFTER
    assert message.failure == "No mail server is set up (PORTAL_SMTP_HOST)."


def test_a_server_that_comes_back_gets_the_mail(
    posted: Post, at_noon, mail_server: Settings, mailbox: Mailbox
):
    message = posted()
    delivery.deliver(message.id, sender=NoSender())

    at_noon.move_to(NOON + RETRY_AFTER[0])
    delivery.deliver(message.id, sender=SmtpSender(mail_server))

    assert len(mailbox.taken) == 1
    assert message.failure is None


def test_a_refused_address_is_given_up_at_once(posted: Post, mail_server: Settings, mailbox: Mailbox):
    message = posted()
    mailbox.to_recipient = "550 5.1.1 unknown"

    delivery.deliver(message.id, sender=SmtpSender(mail_server))

    assert message.failed_at is not None
    assert message.failure == "This address was refused (550 5.1.1)."


def test_what_must_not_be_sent_any_more_is_dropped(posted: Post, cast: Cast):
    message, sender = posted(MessageKind.LOGIN_INSTRUCTIONS, student_id=cast.mia.id), MemorySender()
    with db.writing():
        cast.mia.code.close(by=cast.otto)

    delivery.deliver(message.id, sender=sender)

    assert sender.sent == []
    assert "no working access code" in (message.failure or "")


def test_what_is_done_with_keeps_no_words(posted: Post, cast: Cast):
    message = posted(MessageKind.EMAIL_CHECK, account_id=cast.grace.id, words={"email": "new@example.com"})
    assert message.sealed_words

    delivery.deliver(message.id, sender=MemorySender())

    assert message.sealed_words is None


def test_everything_due_goes_out_oldest_first(posted: Post, tmp_path: Path):
    for name in ("first", "second", "third"):
        posted(to=f"{name}@example.com")
    sender = MemorySender()

    delivery.deliver_due(sender=sender, lock=tmp_path / "lock", pace=30)

    assert [mail["To"].split("@")[0] for mail in sender.sent] == ["first", "second", "third"]


def test_one_unreachable_server_stops_the_round(posted: Post, tmp_path: Path):
    messages = [posted() for _number in range(3)]

    delivery.deliver_due(sender=NoSender(), lock=tmp_path / "lock", pace=30)

    assert [message.tries for message in messages] == [1, 0, 0]


def test_one_refused_address_does_not_stop_the_round(posted: Post, tmp_path: Path):
    messages = [posted(to="no address"), posted()]
    sender = MemorySender()

    delivery.deliver_due(sender=sender, lock=tmp_path / "lock", pace=30)

    assert len(sender.sent) == 1
    assert messages[0].failure == "This is not an email address."


def test_two_rounds_at_once_are_one(posted: Post, tmp_path: Path):
    posted(), posted()
    inner = MemorySender()

    class Nested(MemorySender):
        def send(self, mail: EmailMessage, *, hand_over: HandOver) -> None:
            delivery.deliver_due(sender=inner, lock=tmp_path / "lock", pace=30)
            super().send(mail, hand_over=hand_over)

    outer = Nested()
    delivery.deliver_due(sender=outer, lock=tmp_path / "lock", pace=30)

    assert (len(outer.sent), len(inner.sent)) == (2, 0)


def test_a_failure_says_nothing_of_the_message(posted: Post):
    message = posted()

    class Talkative(MemorySender):
        def send(self, mail: EmailMessage, *, hand_over: HandOver) -> None:
            raise NotDelivered("The message was refused (554).", is_final=True)

    delivery.deliver(message.id, sender=Talkative())

    assert message.to_address not in (message.failure or "")
    assert message.due_at - message.created_at <= LEASE + timedelta(seconds=1)
