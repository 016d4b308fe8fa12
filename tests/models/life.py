"""What ought to be true of codes and pairings, in as few words as it can be said: without any database."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass
class Calendar:
    """When the years of one school are over."""

    zone: str
    last_days: dict[int, date]

    def end_of(self, year: int) -> datetime | None:
        last_day = self.last_days.get(year)
        if last_day is None:
            return None
        return datetime.combine(last_day + timedelta(days=1), time(), ZoneInfo(self.zone)).astimezone(UTC)

    def ends_after(self, moment: datetime) -> dict[int, datetime]:
        ends = {year: self.end_of(year) for year in self.last_days}
        return {year: end for year, end in ends.items() if end and end > moment}

    def year_at(self, moment: datetime) -> int | None:
        """The first year that is not over."""
        return min(self.ends_after(moment), default=None)


@dataclass
class Child:
    """A student, the open code and who is paired."""

    school: int
    has_left: bool = False
    limit: int = 6
    code: str | None = None
    #: The year the code is good for.
    year: int = 0
    paired: set[int] = field(default_factory=set)
    #: Who may not see the child, and from which moment on they may again; none when nobody knows.
    barred: dict[int, datetime | None] = field(default_factory=dict)

    def has_live_code(self, calendar: Calendar, moment: datetime) -> bool:
        end = calendar.end_of(self.year)
        return self.code is not None and end is not None and moment < end

    def may_get_code(self, calendar: Calendar, moment: datetime) -> bool:
        return not self.has_left and calendar.year_at(moment) is not None

    def pairs(self, guardian: int, calendar: Calendar, moment: datetime) -> bool:
        has_room = guardian in self.paired or len(self.paired) < self.limit
        is_welcome = has_room and not self.bars(guardian, moment)
        return self.has_live_code(calendar, moment) and not self.has_left and is_welcome

    def bars(self, guardian: int, moment: datetime) -> bool:
        end = self.barred.get(guardian)
        return guardian in self.barred and (end is None or moment < end)

    def receive(self, code: str, calendar: Calendar, moment: datetime) -> None:
        self.code, self.year = code, calendar.year_at(moment) or 0
