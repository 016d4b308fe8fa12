"""Something that holds from a first day to a last one, where the school is, or until somebody ends it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, and_, or_, select, update
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column
from sqlalchemy.sql import ColumnElement

from portal import clock
from portal.db import db
from portal.db.local_time import today_in
from portal.models.accounts.account import Account
from portal.models.rows import NEVER, changes_one
from portal.models.schools.school import School


class DateRange:
    """Mixed into a row that has both days; ended rather than deleted."""

    first_day: Mapped[date]
    #: The last day on which it holds; none while nobody has set one.
    last_day: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    @hybrid_method
    def is_open(self) -> bool:
        """Whether nobody has ended it, whatever its days; of the class or an alias, the criterion."""
        return self.ended_at == NEVER

    @classmethod
    def is_in_force_at(cls, school_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
        """Whether it holds today, by the clocks of the school with that id."""
        today = today_at(school_id)
        is_not_over = or_(cls.last_day.is_(None), cls.last_day >= today)
        return and_(cls.is_open(), cls.first_day <= today, is_not_over)

    def end_once(self, *, by: Account) -> bool:
        """End it now; False when somebody had done so before, whose name and moment are kept."""
        row: Any = type(self)
        mine: Any = self
        still_open = update(row).where(row.id == mine.id, row.is_open())
        is_first = changes_one(still_open.values(ended_at=clock.now(), ended_by_id=by.id))
        db.session.refresh(self, ["ended_at", "ended_by_id"])
        return is_first


def today_at(school_id: InstrumentedAttribute[int]) -> ColumnElement[date]:
    """What day it is at the school with that id, which may belong to any statement around it."""
    zone = (
        select(_there.c.time_zone).where(_there.c.id == school_id).correlate_except(_there).scalar_subquery()
    )
    return today_in(zone)


#: The table rather than the class: an alias of the class would need every other class defined by now.
_there = School.__table__.alias()
