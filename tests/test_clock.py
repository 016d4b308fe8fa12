"""When a day is over, where, and that nothing but the clock knows what time it is."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from portal import clock

#: The last day of a school year, the school's zone → the first moment after it, in UTC.
ENDS = [
    (date(2027, 6, 26), "America/New_York", "2027-06-27T04:00"),  # summer time
    (date(2027, 1, 22), "America/New_York", "2027-01-23T05:00"),  # winter time
    (date(2027, 3, 14), "America/New_York", "2027-03-15T04:00"),  # a day of 23 hours
    (date(2027, 11, 7), "America/New_York", "2027-11-08T05:00"),  # a day of 25 hours
    (date(2027, 6, 26), "America/Phoenix", "2027-06-27T07:00"),  # never summer time
    (date(2027, 6, 26), "Pacific/Honolulu", "2027-06-27T10:00"),
    (date(2027, 6, 26), "Pacific/Kiritimati", "2027-06-26T10:00"),  # 14 hours ahead
    (date(2027, 6, 26), "Asia/Kathmandu", "2027-06-26T18:15"),
    (date(2027, 3, 27), "America/Asuncion", "2027-03-28T03:00"),
    (
        date(2026, 9, 5),
        "America/Santiago",
        "2026-09-06T04:00",
    ),  # its midnight is skipped: the day ends at 1:00
    (date(2027, 6, 26), "UTC", "2027-06-27T00:00"),
]


@pytest.mark.parametrize(("day", "zone", "ends"), ENDS)
def test_a_day_ends_when_the_next_one_begins_there(day: date, zone: str, ends: str):
    assert clock.end_of(day, zone) == datetime.fromisoformat(ends).replace(tzinfo=UTC)


@pytest.mark.parametrize(("day", "zone", "ends"), ENDS)
def test_the_last_day_is_told_from_its_end(day: date, zone: str, ends: str):
    assert clock.last_day_before(datetime.fromisoformat(ends).replace(tzinfo=UTC), zone) == day


@pytest.mark.parametrize(
    ("zone", "day"), [("America/New_York", 15), ("UTC", 16), ("Asia/Tokyo", 16), ("Pacific/Kiritimati", 16)]
)
def test_today_depends_on_where_one_is(zone: str, day: int):
    with time_machine.travel(datetime(2026, 11, 16, 3, 0, tzinfo=UTC), tick=False):
        assert clock.today(zone) == date(2026, 11, day)


def test_now_knows_that_it_is_utc():
    with time_machine.travel(datetime(2026, 11, 16, 3, 0, tzinfo=UTC), tick=False):
        assert clock.now() == datetime(2026, 11, 16, 3, 0, tzinfo=UTC)
        assert clock.now().tzinfo is UTC
