"""Visits of network users to a school, which the school's admins can see."""

from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock
from portal.db import Base, db
from portal.models.accounts.account import Account
from portal.models.schools.school import School

#: The greatest number of visits, the latest ones, that are read for the list.
MOST = 1_000


class SchoolVisit(Base):
    """A network user opened a page of a school, for the first time since signing in."""

    __tablename__ = "school_visits"
    __table_args__ = (Index(None, "school_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)


class DayOfVisits(NamedTuple):
    """The visits of one person on one day: the last one, and how many there were."""

    name: str
    email: str
    last_at: datetime
    times: int


def visits_to(school: School) -> list[DayOfVisits]:
    """Return the visits to the school by person and day, in the school's time zone, the latest first."""
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
