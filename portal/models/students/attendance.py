"""The attendance of students by day, as the school's system sends it, and the totals by school year."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any

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

from portal.db import Base, db
from portal.models.rows import batched
from portal.models.schools.school import SchoolYear
from portal.models.students.student import Student


class AttendanceStatus(StrEnum):
    """The status of a student on one day. The values are stored."""

    PRESENT = "present"
    LATE = "late"
    ABSENT = "absent"
    #: Absent for a reason that the school accepts.
    EXCUSED = "excused"


#: A student is chronically absent who misses at least one day in ONE_IN, once FROM_DAYS days are known.
ONE_IN, FROM_DAYS = 10, 10


class AttendanceDay(Base):
    """The attendance of one student on one day."""

    __tablename__ = "attendance_days"
    __table_args__ = (UniqueConstraint("student_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    day: Mapped[date]
    status: Mapped[str] = mapped_column(String(8))
    #: How late the student was, where the school tells.
    minutes_late: Mapped[int | None]
    #: The school's text, which staff see and guardians do not.
    reason: Mapped[str | None] = mapped_column(String(200))


class AttendanceYear(Base):
    """The totals of one student in one school year, which lists and totals of a school read instead of all days."""

    __tablename__ = "attendance_years"
    __table_args__ = (Index(None, "year", "student_id"),)

    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), primary_key=True)
    #: The calendar year in which the school year ends.
    year: Mapped[int] = mapped_column(primary_key=True)
    #: The number of days of any status.
    days: Mapped[int]
    present: Mapped[int]
    late: Mapped[int]
    absent: Mapped[int]
    excused: Mapped[int]

    @classmethod
    def is_often_absent(cls) -> ColumnElement[bool]:
        """Return the criterion that the student is chronically absent, counting excused absences, too."""
        return and_(cls.days >= FROM_DAYS, (cls.absent + cls.excused) * ONE_IN >= cls.days)


def count_anew(student_ids: Iterable[int]) -> None:
    """Count the days of these students again, by the school years of their present school."""
    for chunk in batched(student_ids, _AT_ONCE):
        _count(Student.id.in_(chunk))


def count_all_anew(concerned: ColumnElement[bool]) -> None:
    """Do as `count_anew` for all students that the criterion on Student finds."""
    _count(concerned)


def running_year(school_id: Any, today: Any) -> ScalarSelect[int]:
    """Return a subquery for the school year that began last, by the calendar year in which it ends.

    Either may be a parameter.
    """
    began = select(SchoolYear.year).where(SchoolYear.school_id == school_id, SchoolYear.first_day <= today)
    return began.order_by(SchoolYear.first_day.desc()).limit(1).scalar_subquery()


def _count(concerned: ColumnElement[bool]) -> None:
    ids = select(Student.id).where(concerned)
    db.session.execute(_FORGET.where(AttendanceYear.student_id.in_(ids)))
    db.session.execute(insert(AttendanceYear).from_select(_COUNTED, _COUNT.where(concerned)))


def _of(status: AttendanceStatus) -> ColumnElement[int]:
    return func.count().filter(AttendanceDay.status == status.value)


#: How many students one statement counts; older versions of SQLite allow 999 parameters.
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
