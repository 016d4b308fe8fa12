"""Who was at school on which day, as the school's own system counted it, and what that comes to in a year."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from sqlalchemy import (
    ForeignKey,
    Index,
    ScalarSelect,
    String,
    UniqueConstraint,
    and_,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import ColumnElement

from portal import clock
from portal.db import Base, db
from portal.models.rows import batched
from portal.models.schools.school import School, SchoolYear
from portal.models.students.student import Student


class AttendanceStatus(StrEnum):
    PRESENT = "present"
    LATE = "late"
    ABSENT = "absent"
    #: Not there, and the school knows why.
    EXCUSED = "excused"


#: Missing one day in ten is what schools call chronic; asked once so many days are known.
ONE_IN, FROM_DAYS = 10, 10


class AttendanceDay(Base):
    """One student on one day."""

    __tablename__ = "attendance_days"
    __table_args__ = (UniqueConstraint("student_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    day: Mapped[date]
    status: Mapped[str] = mapped_column(String(8))
    #: Of students who came late, when the school says.
    minutes_late: Mapped[int | None]
    #: In the words of the school; staff see it, guardians do not.
    reason: Mapped[str | None] = mapped_column(String(200))


class AttendanceYear(Base):
    """The days of one student in one school year, counted: lists and totals of a school read these few rows."""

    __tablename__ = "attendance_years"
    __table_args__ = (Index(None, "year", "student_id"),)

    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), primary_key=True)
    #: The calendar year in which the school year ends.
    year: Mapped[int] = mapped_column(primary_key=True)
    #: How many days are known at all.
    days: Mapped[int]
    present: Mapped[int]
    late: Mapped[int]
    absent: Mapped[int]
    excused: Mapped[int]

    @classmethod
    def is_often_absent(cls) -> ColumnElement[bool]:
        """Whether one day in ten or more was missed, excused or not; no before so many days are known."""
        return and_(cls.days >= FROM_DAYS, (cls.absent + cls.excused) * ONE_IN >= cls.days)


def count_anew(student_ids: Iterable[int]) -> None:
    """Count the days of these students again, by the school years of the school they are at now."""
    for some in batched(student_ids, _AT_ONCE):
        _count(Student.id.in_(some))


def count_all_anew(concerned: ColumnElement[bool]) -> None:
    """As `count_anew`, for all students that the criterion on `Student` finds."""
    _count(concerned)


def running_year(school: School) -> ScalarSelect[int]:
    """The school year that began last, by the calendar year it ends in."""
    began = select(SchoolYear.year).where(
        SchoolYear.school_id == school.id, SchoolYear.first_day <= clock.today(school.time_zone)
    )
    return began.order_by(SchoolYear.first_day.desc()).limit(1).scalar_subquery()


def _count(concerned: ColumnElement[bool]) -> None:
    ids = select(Student.id).where(concerned)
    db.session.execute(_FORGET.where(AttendanceYear.student_id.in_(ids)))
    db.session.execute(insert(AttendanceYear).from_select(_COUNTED, _COUNT.where(concerned)))


def _of(status: AttendanceStatus) -> ColumnElement[int]:
    return func.count().filter(AttendanceDay.status == status.value)


#: Students counted by one statement; SQLite of old takes 999 values.
_AT_ONCE = 500

_FORGET = delete(AttendanceYear).execution_options(synchronize_session=False)
_COUNTED = ["student_id", "year", "days", *(status.value for status in AttendanceStatus)]
_COUNT = (
    select(
        AttendanceDay.student_id,
        SchoolYear.year,
        func.count(),
        *(_of(status) for status in AttendanceStatus),
    )
    .join(Student, Student.id == AttendanceDay.student_id)
    .join(
        SchoolYear,
        (SchoolYear.school_id == Student.school_id)
        & AttendanceDay.day.between(SchoolYear.first_day, SchoolYear.last_day),
    )
    .group_by(AttendanceDay.student_id, SchoolYear.year)
)
