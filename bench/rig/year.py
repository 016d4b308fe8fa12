"""The school year of a made-up district: it began ten months ago, and almost all of its days are known."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from bench.rig.loading import stored
from portal import clock

ZONE = "America/Chicago"
KNOWN_DAYS = 170


class Year(NamedTuple):
    """A school year, by the calendar year in which it ends, with its days so far."""

    number: int
    first_day: date
    last_day: date
    days: tuple[str, ...]

    @classmethod
    def now(cls) -> "Year":
        """Return the year that began 300 days ago and ends in 60."""
        today = clock.today(ZONE)
        first_day, last_day = today - timedelta(days=300), today + timedelta(days=60)
        weekdays = (first_day + timedelta(days=n) for n in range(300))
        days = [day.isoformat() for day in weekdays if day.weekday() < 5]
        return cls(last_day.year, first_day, last_day, tuple(days[:KNOWN_DAYS]))

    @property
    def ends_at(self) -> str:
        """The moment from which its codes have expired."""
        return stored(clock.end_of(self.last_day, ZONE))

    def moment(self, day: int, number: int) -> str:
        """Return a moment on the `day`th day of school, another one for each `number`."""
        return f"{self.days[day % len(self.days)]} {14 + number % 6:02}:{number // 6 % 60:02}:{number % 60:02}.000000"

    def before(self, days: int) -> datetime:
        """Return noon so many days before the year began."""
        return datetime.combine(self.first_day - timedelta(days=days), time(12), clock.now().tzinfo)
