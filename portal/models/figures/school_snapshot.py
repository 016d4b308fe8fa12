"""The table of schools' totals by day, from which trends are drawn."""

from datetime import date

from sqlalchemy import ForeignKey, Index, and_, exists, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, db
from portal.models.figures.school_totals import GradeBand, SchoolCount, SchoolTotals
from portal.models.schools.school import School
from portal.models.supports.date_range import today_at


class SchoolSnapshot(Base):
    """The totals of one school on one day; the columns are those of SchoolTotals."""

    __tablename__ = "school_snapshots"
    __table_args__ = (Index(None, "day"),)

    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    #: The date in the time zone of the school.
    day: Mapped[date] = mapped_column(primary_key=True)
    enrolled: Mapped[int]
    enabled: Mapped[int]
    with_one: Mapped[int]
    with_two: Mapped[int]
    without_point_person: Mapped[int]
    days_known: Mapped[int]
    days_absent: Mapped[int]
    supports_running: Mapped[int]


def take_snapshots() -> None:
    """Store today's totals of every school that has no snapshot for today, in the open transaction. One statement."""
    columns = [column.name for column in SchoolSnapshot.__table__.columns]
    totals = [getattr(SchoolTotals, name) for name in columns[2:-1]]
    day = today_at(School.id)
    taken = exists().where(SchoolSnapshot.school_id == School.id, SchoolSnapshot.day == day)
    today = (
        select(School.id, day, *totals, SchoolCount.supports_running)
        .join(
            SchoolTotals,
            and_(SchoolTotals.school_id == School.id, SchoolTotals.band == GradeBand.ALL.value),
        )
        .join(SchoolCount, SchoolCount.school_id == School.id)
        .where(School.is_on_roster(), ~taken)
    )
    db.session.execute(insert(SchoolSnapshot).from_select(columns, today))
