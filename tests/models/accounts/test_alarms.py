"""When many wrong codes are tried, the admins are told: once, and the right ones."""

from contextlib import suppress

from sqlalchemy import select, update

from portal import clock, db
from portal.demo import Cast
from portal.models import MessageKind, OutboxMessage, Staff
from portal.models.accounts import throttle
from portal.models.guardians.redemption import CodeRefused, look_up
from portal.text import access_code


def guess(address: str) -> None:
    with db.writing(), suppress(CodeRefused):  # suppressed inside: the count is stored
        look_up([access_code.draw()], by=None, address=address)


def alarmed() -> list[str]:
    alarms = select(OutboxMessage.to_address).where(OutboxMessage.kind == MessageKind.GUESSING_ALARM.value)
    return sorted(db.session.scalars(alarms))


def guess_up_to_the_alarm(more: int = 0) -> None:
    for number in range(throttle.ALARM + more):
        guess(f"192.0.2.{number}")


def test_the_network_admins_are_told_once(cast: Cast):
    guess_up_to_the_alarm(more=3)

    assert alarmed() == [cast.nora.email]


def test_below_the_alarm_nobody_is_told(cast: Cast):
    guess_up_to_the_alarm(more=-1)

    assert alarmed() == []


def test_without_network_admins_the_school_admins_are_told(cast: Cast):
    with db.writing():
        db.session.execute(update(Staff).where(Staff.email == cast.nora.email).values(closed_at=clock.now()))
    admins = {cast.hana.email, cast.joan.email}

    guess_up_to_the_alarm()

    assert set(alarmed()) == admins
