"""Nothing goes out twice: what may have been sent when a worker or a line died is left to people."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from portal import clock, db
from portal.config import Settings
from portal.mail import delivery
from portal.mail.conversation import HandOver
from portal.mail.sender import MemorySender, NotDelivered, SmtpSender
from portal.models import OutboxMessage
from portal.models.mail.delivery_state import MailState, state_of
from portal.models.mail.outbox import LEASE, RETRY_AFTER
from tests.db.racing import PATIENCE, PROCESSES, application
from tests.mail.conftest import Mailbox

Post = Callable[..., OutboxMessage]
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture
def at_noon():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


class DyingAfterYes(MemorySender):
    """The worker is killed when the server has said yes, and before that is noted."""

    def send(self, mail, *, hand_over: HandOver) -> None:
        super().send(mail, hand_over=hand_over)
        raise KeyboardInterrupt


class BreakingOff(MemorySender):
    def send(self, mail, *, hand_over: HandOver) -> None:
        hand_over()
        raise NotDelivered("The connection to the mail server broke off.", is_in_doubt=True)


def killed(message: OutboxMessage) -> OutboxMessage:
    with pytest.raises(KeyboardInterrupt):
        delivery.deliver(message.id, sender=DyingAfterYes())
    return seen(message)


def seen(message: OutboxMessage) -> OutboxMessage:
    db.session.rollback()
    db.session.refresh(message)
    return message


def test_what_was_handed_over_when_the_worker_died_is_not_sent_again(posted: Post, at_noon, tmp_path):
    message, sender = killed(posted()), MemorySender()
    assert state_of(message) is not MailState.IN_DOUBT  # the worker might still be at it

    at_noon.move_to(NOON + LEASE)
    delivery.deliver(message.id, sender=sender)
    delivery.deliver_due(sender=sender, lock=tmp_path / "lock", pace=30)

    assert sender.sent == []
    assert state_of(seen(message)) is MailState.IN_DOUBT


def test_a_line_that_breaks_while_the_server_reads_leaves_a_doubt_at_once(posted: Post, at_noon):
    message, sender = posted(), MemorySender()

    delivery.deliver(message.id, sender=BreakingOff())
    at_noon.move_to(NOON + RETRY_AFTER[-1])
    delivery.deliver(message.id, sender=sender)

    assert state_of(seen(message)) is MailState.IN_DOUBT
    assert (sender.sent, message.failure) == ([], "The connection to the mail server broke off.")


def test_what_the_server_refused_after_reading_is_no_doubt(
    posted: Post, mail_server: Settings, mailbox: Mailbox
):
    message = posted()
    mailbox.to_message = "451 4.3.0 later"

    delivery.deliver(message.id, sender=SmtpSender(mail_server))

    assert seen(message).handed_over_at is None
    assert message.due_at > clock.now()


def test_a_person_has_it_sent_again(posted: Post, at_noon):
    message, sender = killed(posted()), MemorySender()
    at_noon.move_to(NOON + LEASE)

    with db.writing():
        assert message.send_again()
        assert not message.send_again()  # pressed twice
    delivery.deliver(message.id, sender=sender)
    delivery.deliver(message.id, sender=sender)

    assert [mail["Message-ID"] for mail in sender.sent] == [f"<{message.public_id}@localhost>"]
    assert seen(message).sent_at is not None


def test_what_has_arrived_is_not_sent_again(posted: Post):
    message = posted()
    delivery.deliver(message.id, sender=MemorySender())

    with db.writing():
        assert not message.send_again()


def test_a_worker_that_was_too_slow_does_not_hand_over_what_another_has(posted: Post, at_noon):
    message, other = posted(), MemorySender()

    class TooSlow(MemorySender):
        def send(self, mail, *, hand_over: HandOver) -> None:
            at_noon.move_to(NOON + LEASE + timedelta(seconds=1))
            delivery.deliver(message.id, sender=other)
            super().send(mail, hand_over=hand_over)

    slow = TooSlow()
    delivery.deliver(message.id, sender=slow)

    assert (len(slow.sent), len(other.sent)) == (0, 1)
    assert seen(message).failure is None


@pytest.mark.parametrize(("killed_at", "goes_again"), [("RCPT", True), ("DATA", False)])
def test_kill_9_while_a_real_server_listens(
    posted: Post, mail_server: Settings, mailbox: Mailbox, killed_at: str, goes_again: bool
):
    message = posted()
    mailbox.stops_at = killed_at
    killed_while(mailbox, _deliver, mail_server, message.id)

    with time_machine.travel(clock.now() + LEASE, tick=False):
        delivery.deliver(message.id, sender=SmtpSender(mail_server))

        assert (state_of(seen(message)) is MailState.IN_DOUBT) is not goes_again
    assert len(mailbox.taken) == 1  # a server that has read it all keeps it, whoever died
    assert (message.sent_at is not None) is goes_again


def test_kill_9_in_the_middle_of_many_sends_each_at_most_once(
    posted: Post, mail_server: Settings, mailbox: Mailbox, tmp_path: Path
):
    messages = [posted(to=f"family{number}@example.com") for number in range(4)]
    mailbox.stops_at, mailbox.lets_through = "DATA", 3  # in the middle of the third one
    killed_while(mailbox, _deliver_due, mail_server, tmp_path / "lock")

    with time_machine.travel(clock.now() + LEASE, tick=False):
        delivery.deliver_due(sender=SmtpSender(mail_server), lock=tmp_path / "lock", pace=30)

        states = [state_of(seen(message)) for message in messages]
    assert states == [MailState.SENT, MailState.SENT, MailState.IN_DOUBT, MailState.SENT]
    assert sorted(to for mail in mailbox.taken for to in mail.rcpt_tos) == sorted(
        message.to_address for message in messages
    )


def killed_while(mailbox: Mailbox, work: Callable[..., None], *arguments: object) -> None:
    """A process that does `work` and is killed when the server has come to where it stops."""
    worker = PROCESSES.Process(target=work, args=arguments)
    worker.start()
    assert mailbox.has_stopped.wait(PATIENCE)
    worker.kill()
    worker.join()
    mailbox.stops_at = ""
    mailbox.may_go_on.set()


def _deliver_due(settings: Settings, lock: Path) -> None:
    with application(settings).app_context():
        delivery.deliver_due(sender=SmtpSender(settings), lock=lock, pace=30)


def _deliver(settings: Settings, message_id: int) -> None:
    with application(settings).app_context():
        delivery.deliver(message_id, sender=SmtpSender(settings))
