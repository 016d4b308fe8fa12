"""Many messages at once go out at a pace that the servers of one domain bear."""

from datetime import timedelta

from portal import db
from portal.models import MessageKind, OutboxMessage
from portal.models.mail.sending_rate import due_now


def post(number: int, domain: str) -> None:
    with db.writing():
        for each in range(number):
            OutboxMessage.post(MessageKind.GUESSING_ALARM, to=f"family{each}@{domain}", language="en")


def hand_over(ids: list[int]) -> None:
    with db.writing():
        for message_id in ids:
            message = OutboxMessage.claim(message_id)
            assert message is not None
            message.hand_over()
            message.mark_sent()


def test_each_domain_gets_only_so_many_a_minute(app, now):
    post(5, "gmail.example")
    post(2, "home.example")

    first = due_now(100, pace=3)
    hand_over(first)

    assert len(first) == 5
    assert due_now(100, pace=3) == []


def test_a_minute_later_the_next_ones_go(app, now):
    post(5, "gmail.example")
    hand_over(due_now(100, pace=3))

    now.shift(timedelta(minutes=1))

    assert len(due_now(100, pace=3)) == 2


def test_what_was_sent_a_moment_ago_counts(app, now):
    post(5, "gmail.example")
    hand_over(due_now(2, pace=3))
    now.shift(timedelta(seconds=20))

    assert len(due_now(100, pace=3)) == 1


def test_the_oldest_go_first(app, now):
    post(3, "gmail.example")

    ids = due_now(100, pace=2)

    assert ids == sorted(ids)
    assert len(ids) == 2
