"""The only reader of time."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """The date in `zone`, an IANA name such as "America/Chicago"."""
    return now().astimezone(ZoneInfo(zone)).date()


def end_of(day: date, zone: str) -> datetime:
    """The first moment after `day` where the clocks show `zone`; in UTC."""
    midnight = datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(zone))
    return midnight.astimezone(UTC)


@lru_cache(maxsize=64)
def last_day_before(end: datetime, zone: str) -> date:
    """The last day that is over at `end`, its first moment after it: what `end_of` was made from."""
    return (end - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date()


def start_of(day: date, zone: str) -> datetime:
    """The first moment of `day` where the clocks show `zone`; in UTC."""
    return end_of(day - timedelta(days=1), zone)
