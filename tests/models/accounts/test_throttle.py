"""How often one may try: the figures of docs/security.md, and that who is right is never kept out."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal import clock, db
from portal.config import Settings
from portal.models import Account, Guardian, OutboxMessage, School, Staff, ThrottleCount
from portal.models.accounts import throttle
from portal.models.accounts.throttle import TooManyTries
from portal.models.guardians.redemption import CodeRefused, look_up, redeem
from portal.policy.permissions import AccessLevel
from portal.text import access_code
from tests import elsewhere, rows
from tests.apps import another

HOME, ANOTHER, SCHOOL = "192.0.2.7", "198.51.100.9", "203.0.113.5"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def school(app: Flask) -> Iterator[School]:
    """A school whose own network is known."""
    throttle.school_networks = ["203.0.113.0/24", "2001:db8:5::/48"]
    yield rows.school()
    throttle.school_networks = ()


@pytest.fixture
def otto(school: School) -> Staff:
    return rows.staff(school, AccessLevel.SCHOOL_ADMIN)


@pytest.fixture
def grace(app: Flask) -> Guardian:
    grace = rows.guardian()
    with db.writing():
        grace.email_verified_at = clock.now()
    return grace


def test_an_account_may_guess_5_times_in_15_minutes(grace: Guardian, now: time_machine.Traveller):
    assert guess_until_refused(by=grace) == 5

    now.shift(15 * MINUTE - timedelta(seconds=1))
    assert wait_of(grace) == 1
    now.shift(timedelta(seconds=1))
    assert guess_until_refused(by=grace) == 5


def test_an_account_may_guess_20_times_a_day_wherever_it_is(grace: Guardian, now: time_machine.Traveller):
    guessed = 0
    for hour in range(10):
        guessed += guess_until_refused(by=grace, address=f"198.51.100.{hour}")
        now.shift(HOUR)

    assert guessed == 20
    now.shift(14 * HOUR)
    assert guess_until_refused(by=grace) == 5


def test_an_address_may_guess_30_times_an_hour(app: Flask, now: time_machine.Traveller):
    assert guess_until_refused() == 30
    assert guess_until_refused(address=ANOTHER) == 30

    now.shift(HOUR)
    assert guess_until_refused() == 30


def test_a_schools_own_network_may_guess_300_times_an_hour(school: School):
    assert throttle.guesses(by=None, address=SCHOOL)[0].most == 300
    assert throttle.guesses(by=None, address="2001:db8:5::1")[0].most == 300
    assert throttle.guesses(by=None, address="203.0.114.5")[0].most == 30


def test_an_ipv6_household_is_one_address(app: Flask):
    guesses = [guess_until_refused(address=f"2001:db8:0:1::{suffix:x}") for suffix in (1, 2, 0xFFFF)]

    assert guesses == [30, 0, 0]
    assert guess_until_refused(address="2001:db8:0:2::1") == 30


def test_looking_up_a_right_code_costs_nothing(otto: Staff):
    code = code_of(otto)

    with db.writing():
        for _time in range(100):
            look_up([code], by=None, address=HOME)

    assert elsewhere.read("SELECT count(*) FROM throttle_counts") == 0


def test_on_parents_night_all_200_families_get_in(otto: Staff):
    codes = [code_of(otto, name=f"Child{family} Family") for family in range(200)]

    with db.writing():
        for family, code in enumerate(codes):
            if family % 33 == 0:
                assert guess(address=SCHOOL), "3 in 100 type the wrong code first"
            guardian = rows.stored(Guardian(email=f"{family}@home.example", given_name="Pat"))
            redeem([code], by=guardian, address=SCHOOL)

    assert elsewhere.read("SELECT count(*) FROM pairings") == 200


def test_of_several_wrong_codes_at_once_only_the_first_is_learned_and_counted(app: Flask):
    wrong = [access_code.draw(), access_code.draw()]

    with db.writing(), pytest.raises(CodeRefused) as refusal:
        look_up(wrong, by=None, address=HOME)

    assert refusal.value.canonical == wrong[0]
    assert elsewhere.read("SELECT max(tries) FROM throttle_counts") == 1


def test_counts_hold_in_another_worker(app: Flask, settings: Settings):
    guess_until_refused()

    with another(settings) as worker, worker.app_context():
        assert wait_of(None) == 3600


def test_many_threads_lose_no_count(app: Flask):
    limit = throttle.mails_to("grace@home.example")[0]

    def count() -> None:
        with db.writing():
            throttle.count(limit)

    elsewhere.at_once(app, [lambda: [count() for _time in range(5)]] * 8)

    assert elsewhere.read("SELECT tries FROM throttle_counts") == 40


def test_at_100_wrong_codes_an_hour_the_admins_are_told_once(otto: Staff):
    with db.writing():
        for number in range(150):
            guess(address=f"198.51.100.{number}")

    assert elsewhere.read("SELECT count(*) FROM outbox WHERE kind = 'guessing_alarm'") == 1
    assert db.session.get_one(OutboxMessage, 1).account_id == otto.id


def test_in_an_emergency_strangers_wait_until_it_is_over(app: Flask, now: time_machine.Traveller):
    cause_an_emergency()
    now.shift(59 * MINUTE)

    assert wait_of(None, ANOTHER) == 60
    now.shift(MINUTE)
    assert wait_of(None, ANOTHER) == 0


def test_in_an_emergency_a_verified_account_tries_once_a_minute(grace: Guardian, now: time_machine.Traveller):
    cause_an_emergency()

    assert guess_until_refused(by=grace) == 1
    now.shift(MINUTE)
    assert guess_until_refused(by=grace) == 1


def test_in_an_emergency_an_unverified_account_waits(app: Flask):
    cause_an_emergency()

    assert wait_of(rows.guardian(), ANOTHER) == 3600


def test_in_an_emergency_the_right_code_of_a_verified_account_works(otto: Staff, grace: Guardian):
    cause_an_emergency()

    with db.writing():
        assert redeem([code_of(otto)], by=grace, address=ANOTHER)


def test_waits_after_wrong_passwords_grow_to_15_minutes_and_end(app: Flask, now: time_machine.Traveller):
    waits = [fail_to_sign_in("ada@school.example", now) for _time in range(14)]

    assert waits[:4] == [0, 0, 0, 0]
    assert waits[4:10] == [30, 60, 120, 240, 480, 900]
    assert set(waits[10:]) == {900}


def test_a_day_later_wrong_passwords_are_forgotten(app: Flask, now: time_machine.Traveller):
    for _time in range(9):
        fail_to_sign_in("ada@school.example", now)
    now.shift(DAY)

    assert fail_to_sign_in("ada@school.example", now) == 0


def test_the_right_password_starts_again_from_nothing(app: Flask, now: time_machine.Traveller):
    for _time in range(9):
        fail_to_sign_in("ada@school.example", now)
    with db.writing():
        throttle.forget(throttle.sign_in_keys("staff", "ada@school.example", HOME)[0])

    assert fail_to_sign_in("ada@school.example", now) == 0


def test_an_account_is_one_however_its_email_is_typed(app: Flask):
    limits = throttle.sign_in_keys("staff", "ada@school.example", HOME)

    assert throttle.sign_in_keys("staff", " Ada@SCHOOL.example ", HOME) == limits
    assert throttle.mails_to(" Ada@SCHOOL.example ") == throttle.mails_to("ada@school.example")
    assert throttle.sign_in_keys("guardian", "ada@school.example", HOME)[0] != limits[0]


def test_wrong_passwords_for_many_accounts_slow_the_address_down(app: Flask, now: time_machine.Traveller):
    waits = [fail_to_sign_in(f"{number}@school.example", now) for number in range(31)]

    assert waits[:29] == [0] * 29
    assert waits[29:] == [30, 60]


def test_five_accounts_an_hour_come_from_one_address(school: School):
    assert throttle.sign_ups(HOME)[0][1:] == (5, 3600)
    assert throttle.sign_ups(SCHOOL)[0][1:] == (300, 3600)


def test_the_table_holds_no_address_and_no_email(app: Flask, now: time_machine.Traveller):
    fail_to_sign_in("ada@school.example", now)
    guess()

    keys = [row.key for row in db.session.scalars(select(ThrottleCount))]

    assert len(keys) == 4
    assert all(len(key) == 32 and b"ada" not in key and HOME.encode() not in key for key in keys)


def test_the_answer_says_how_long_to_wait(app: Flask):
    assert TooManyTries(0.2).seconds == 1
    assert "1 min" in str(TooManyTries(60))
    assert "2 min" in str(TooManyTries(61))
    assert "60 min" in str(TooManyTries(3600))


def guess(by: Account | None = None, address: str = HOME) -> bool:
    """Present a wrong code, and keep the count; False when one has to wait first."""
    with db.writing():
        try:
            look_up([access_code.draw()], by=by, address=address)
        except CodeRefused:
            return True
        except TooManyTries:
            return False
    raise AssertionError("a code that nobody issued was taken")


def guess_until_refused(by: Account | None = None, address: str = HOME) -> int:
    """How many wrong codes can be presented before one has to wait."""
    with db.writing():
        return next(tries for tries in range(1000) if not guess(by, address))


def wait_of(by: Account | None, address: str = HOME) -> int:
    """Seconds until one may present a code again."""
    try:
        throttle.check_guesses(by=by, address=address)
    except TooManyTries as refusal:
        return refusal.seconds
    return 0


def code_of(otto: Staff, name: str = "Mia Sullivan") -> str:
    school = db.session.scalars(select(School)).one()
    return rows.enabled(rows.student(school, name), otto).text


def cause_an_emergency() -> None:
    """Wrong codes from many addresses, a few from each."""
    with db.writing():
        for number in range(throttle.EMERGENCY):
            throttle.count_guess(by=None, address=f"10.0.{number // 10}.1")


def fail_to_sign_in(email: str, now: time_machine.Traveller) -> int:
    """Give a wrong password, as soon as one may; the seconds one has to wait after it."""
    limits = throttle.sign_in_keys("staff", email, HOME)
    with db.writing():
        for limit in limits:
            throttle.count(limit)
    try:
        throttle.check_sign_in(limits)
    except TooManyTries as refusal:
        now.shift(timedelta(seconds=refusal.seconds))
        return refusal.seconds
    return 0
