"""What a network sees of a school: numbers that are kept, so that no view has to count half a million students.

A change to anything that is counted leaves a row in `school_changes`, by a trigger: no verb, import or statement
can forget to. The worker counts such schools again; see portal.models.figures.school_count.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class GradeBand(StrEnum):
    """Grades that are looked at together. All but ALL are apart from each other and come to ALL."""

    ALL = "all"
    ELEMENTARY = "elementary"
    MIDDLE = "middle"
    HIGH = "high"
    #: Those whose grade the roster does not say.
    UNGRADED = "ungraded"


#: The last grade of each band below the highest.
LAST_GRADES = {GradeBand.ELEMENTARY: 5, GradeBand.MIDDLE: 8}


class SchoolTotals(Base):
    """The students of one school and band who are there now, counted."""

    __tablename__ = "school_totals"
    __table_args__ = (Index(None, "band", "school_id"),)

    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    band: Mapped[str] = mapped_column(String(12), primary_key=True)
    enrolled: Mapped[int]
    #: Have a code that works, or a guardian already.
    enabled: Mapped[int]
    #: Have at least one guardian.
    with_one: Mapped[int]
    #: Have at least two.
    with_two: Mapped[int]
    #: Have no point person of any kind.
    without_point_person: Mapped[int]
    #: Of how many of them any day is known in the school year that has begun last.
    students_known: Mapped[int] = mapped_column(server_default="0")
    #: The days on which it is known whether they were there; 0 where absences only are sent.
    days_known: Mapped[int]
    #: Of these, the days on which they were not there, excused or not.
    days_absent: Mapped[int]


class SchoolCount(Base):
    """When a school was counted last, and what does not depend on grades."""

    __tablename__ = "school_counts"

    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    counted_at: Mapped[datetime]
    #: The end of the school's day: then codes may have expired, and supports begun or ended, by themselves.
    fresh_until: Mapped[datetime]
    supports_running: Mapped[int]


class SchoolChange(Base):
    """Something at that school was changed since it was counted."""

    __tablename__ = "school_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"), index=True)
