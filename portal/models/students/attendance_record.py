"""The attendance of one student in this school year: totals, and the last days of absence or lateness."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Date, Integer, and_, bindparam, func, select

from portal import clock
from portal.db import db
from portal.models.schools.school import SchoolYear
from portal.models.students.attendance import AttendanceDay, AttendanceStatus, AttendanceYear
from portal.models.students.student import Student

#: How many of the last days with another status than present are listed.
LISTED = 5


class Day(NamedTuple):
    """A day on which the student was absent or late."""

    day: date
    status: str
    minutes_late: int | None
    reason: str | None


class AttendanceRecord(NamedTuple):
    """The totals of one school year. `days` counts all known days, `absent` all absences, `excused` those excused."""

    #: The calendar year in which the school year ends.
    year: int
    days: int
    absent: int
    excused: int
    late: int
    #: The last days of absence or lateness, the newest first.
    latest: list[Day]


def attendance_of(student: Student) -> AttendanceRecord | None:
    """Return the attendance in the year that began last at the student's school; None when no day of it is known."""
    today = clock.today(student.school.time_zone)
    asked = {"student_id": student.id, "school_id": student.school_id, "today": today}
    rows = db.session.connection().execute(_RECORD, asked).all()
    if not rows:
        return None
    year, days, absent, excused, late, *_day = rows[0]
    latest = [Day(*row[5:]) for row in rows if row.day is not None]
    return AttendanceRecord(year, days, absent + excused, excused, late, latest)


_STUDENT_ID, _SCHOOL_ID = bindparam("student_id", type_=Integer), bindparam("school_id", type_=Integer)

_BEGAN_LAST = (
    select(func.max(SchoolYear.first_day))
    .where(SchoolYear.school_id == _SCHOOL_ID, SchoolYear.first_day <= bindparam("today", type_=Date))
    .scalar_subquery()
)

_RECORD = (
    select(
        AttendanceYear.year,
        AttendanceYear.days,
        AttendanceYear.absent,
        AttendanceYear.excused,
        AttendanceYear.late,
        AttendanceDay.day,
        AttendanceDay.status,
        AttendanceDay.minutes_late,
        AttendanceDay.reason,
    )
    .join(SchoolYear, and_(SchoolYear.school_id == _SCHOOL_ID, SchoolYear.year == AttendanceYear.year))
    .outerjoin(
        AttendanceDay,
        and_(
            AttendanceDay.student_id == _STUDENT_ID,
            AttendanceDay.day.between(SchoolYear.first_day, SchoolYear.last_day),
            AttendanceDay.status != AttendanceStatus.PRESENT.value,
        ),
    )
    .where(AttendanceYear.student_id == _STUDENT_ID, SchoolYear.first_day == _BEGAN_LAST)
    .order_by(AttendanceDay.day.desc())
    .limit(LISTED)
)
