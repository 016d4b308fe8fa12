"""The tables of schools' totals, stored so that no view has to count half a million students.

A trigger writes a row to `school_changes` whenever anything that is counted changes, so no code can forget to. The
worker then counts the school again; see portal.models.figures.school_count.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class GradeBand(StrEnum):
    """A range of grades. ALL is every student; each student is in exactly one of the other bands."""

    ALL = "all"
    ELEMENTARY = "elementary"
    MIDDLE = "middle"
    HIGH = "high"
    #: Students whose grade is not in the roster.
    UNGRADED = "ungraded"


#: The last grade of each band below the highest.
LAST_GRADES = {GradeBand.ELEMENTARY: 5, GradeBand.MIDDLE: 8}


class SchoolTotals(Base):
    """Counts of the enrolled students of one school and band."""

    __tablename__ = "school_totals"
    __table_args__ = (Index(None, "band", "school_id"),)

    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    band: Mapped[str] = mapped_column(String(12), primary_key=True)
    enrolled: Mapped[int]
    #: Students who have a code that works, or a guardian.
    enabled: Mapped[int]
    #: Students who have at least one guardian.
    with_one: Mapped[int]
    #: Students who have at least two guardians.
    with_two: Mapped[int]
    #: Students who have no point person of any kind.
    without_point_person: Mapped[int]
    #: Students with attendance for any day of the school year that began last.
    students_known: Mapped[int] = mapped_column(server_default="0")
    #: Days of these students with known attendance; 0 where the roster sends absences only.
    days_known: Mapped[int]
    #: Days among them on which the students were absent, excused or not.
    days_absent: Mapped[int]


class SchoolCount(Base):
    """The time of a school's last count, and the numbers that do not depend on grades."""

    __tablename__ = "school_counts"

    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    counted_at: Mapped[datetime]
    #: The end of the day at the school: codes may expire, and supports begin or end, without a SchoolChange.
    fresh_until: Mapped[datetime]
    supports_running: Mapped[int]


class SchoolChange(Base):
    """A note that something at that school has changed since it was counted."""

    __tablename__ = "school_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"), index=True)
