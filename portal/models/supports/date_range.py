"""The columns of rows that are in force from a first to a last day, or until somebody ends them."""

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
    """The columns of a row in force from `first_day` to `last_day`, in the time zone of its school.

    Such rows are ended, never deleted.
    """

    first_day: Mapped[date]
    #: The last day on which it is in force; none for no end.
    last_day: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    @hybrid_method
    def is_open(self) -> bool:
        """Whether nobody has ended it, whatever its days; of the class or an alias, the criterion."""
        return self.ended_at == NEVER

    @classmethod
    def is_in_force_at(cls, school_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
        """Return the criterion that it is in force today, in the time zone of the school with that id."""
        today = today_at(school_id)
        is_not_over = or_(cls.last_day.is_(None), cls.last_day >= today)
        return and_(cls.is_open(), cls.first_day <= today, is_not_over)

    def end_once(self, *, by: Account) -> bool:
        """End it now. When it has been ended already, keep that author and moment and return False."""
        row: Any = type(self)
        mine: Any = self
        still_open = update(row).where(row.id == mine.id, row.is_open())
        is_first = changes_one(still_open.values(ended_at=clock.now(), ended_by_id=by.id))
        db.session.refresh(self, ["ended_at", "ended_by_id"])
        return is_first


def today_at(school_id: InstrumentedAttribute[int]) -> ColumnElement[date]:
    """Return the SQL for today's date at a school; `school_id` is a column of any enclosing statement."""
    zone = select(_school_table.c.time_zone).where(_school_table.c.id == school_id)
    return today_in(zone.correlate_except(_school_table).scalar_subquery())


#: An alias of the table, not of the class, because the latter would need all other classes to be defined by now.
_school_table = School.__table__.alias()
