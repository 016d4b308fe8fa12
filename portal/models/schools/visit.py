"""A network user was inside a school: its admins can see who looked, and when."""

from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock
from portal.db import Base, db
from portal.models.accounts.account import Account
from portal.models.event import Event, EventKind
from portal.models.schools.school import School

#: The latest visits of a school that are told.
MOST = 1_000


class SchoolVisit(Base):
    """Once a sign-in, at the first page of that school."""

    __tablename__ = "school_visits"
    __table_args__ = (Index(None, "school_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)

    @classmethod
    def begin(cls, school_id: int, *, by: Account) -> None:
        """Note, in the open transaction, that `by` has come in."""
        db.session.add(cls(school_id=school_id, staff_id=by.id))
        Event.record(EventKind.SCHOOL_ENTERED, by=by, school=school_id)


class DayOfVisits(NamedTuple):
    """One person on one day: when they came in last, and how many times in all."""

    name: str
    email: str
    last_at: datetime
    times: int


def visits_to(school: School) -> list[DayOfVisits]:
    """Who came on which day, as the school counts days; the latest first."""
    found = (
        select(Account.email, Account.name, SchoolVisit.at)
        .join(Account, Account.id == SchoolVisit.staff_id)
        .where(SchoolVisit.school_id == school.id)
        .order_by(SchoolVisit.id.desc())
        .limit(MOST)
    )
    days: dict[tuple[str, date], DayOfVisits] = {}
    for email, name, at in db.session.execute(found):
        key = email, at.astimezone(ZoneInfo(school.time_zone)).date()
        first = DayOfVisits(name, email, at, 0)
        days[key] = (known := days.get(key, first))._replace(times=known.times + 1)
    return list(days.values())
