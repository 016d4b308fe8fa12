"""Add the attendance of this school year up to yesterday."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from zlib import crc32

from sqlalchemy import insert, select, true

from portal import clock, db
from portal.demo.district import FIRST_DAY, ZONE, year_of
from portal.models import AttendanceDay, AttendanceStatus, Student
from portal.models.students.attendance import count_all_anew

#: Days without school besides Saturdays and Sundays: month and day.
HOLIDAYS = {
    (9, 7),
    (10, 12),
    (11, 25),
    (11, 26),
    (11, 27),
    *((12, day) for day in range(21, 32)),
    (1, 1),
    (1, 18),
}

#: How many of 100 days a student misses; the students take these numbers in turn.
MISSED = (1, 2, 2, 3, 3, 4, 5, 6, 8, 16)

REASONS = ("Ill", "Doctor's appointment", "Family matter", "")


def add_attendance() -> None:
    """Add the days of all enrolled students, from the first day of this school year until yesterday."""
    students = db.session.scalars(select(Student.id).where(Student.is_enrolled()).order_by(Student.id))
    days = list(_school_days(clock.today(ZONE)))
    lines = [_line(student_id, day) for student_id in students for day in days]
    if lines:
        db.session.execute(insert(AttendanceDay), lines)
    count_all_anew(true())


def _school_days(today: date) -> Iterator[date]:
    day = date(year_of(today) - 1, *FIRST_DAY)
    while day < today:
        if day.weekday() < 5 and (day.month, day.day) not in HOLIDAYS:
            yield day
        day += timedelta(days=1)


def _line(student_id: int, day: date) -> dict[str, Any]:
    """Return the row of one student on one day. It depends on these two alone, so each demo has the same days."""
    chance = crc32(f"{student_id} on {day}".encode())
    missed = MISSED[student_id * 7 % len(MISSED)]
    line = {"student_id": student_id, "day": day, "minutes_late": None, "reason": None}
    if chance % 100 < missed:
        is_excused = chance % 3 > 0
        status = AttendanceStatus.EXCUSED if is_excused else AttendanceStatus.ABSENT
        return line | {"status": status.value, "reason": REASONS[chance % 4] if is_excused else None}
    if chance % 100 > 97:
        return line | {"status": AttendanceStatus.LATE.value, "minutes_late": 5 + chance % 5 * 5}
    return line | {"status": AttendanceStatus.PRESENT.value}
