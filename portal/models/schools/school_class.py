"""Homerooms and courses, with the students who are enrolled and the staff who teach them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, ForeignKey, Index, String, and_, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.models.rows import Endable, PubliclyNamed
from portal.models.schools.school import School


class ClassKind(StrEnum):
    """The kinds of classes. The values are stored."""

    HOMEROOM = "homeroom"
    COURSE = "course"


class SchoolClass(PubliclyNamed, Endable, Base):
    """A homeroom or a course of one school."""

    __tablename__ = "classes"
    __table_args__ = (Index(None, "school_id", "kind", "title"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"))
    kind: Mapped[str] = mapped_column(String(8), default=ClassKind.COURSE.value)
    title: Mapped[str] = mapped_column(String(200))
    code: Mapped[str | None] = mapped_column(String(100))
    room: Mapped[str | None] = mapped_column(String(100))
    #: The calendar year in which its school year ends.
    year: Mapped[int | None]
    source_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    ended_at: Mapped[datetime | None]

    school: Mapped[School] = relationship()


class Enrolment(Endable, Base):
    """A student is in a class. Such rows are ended, never deleted."""

    __tablename__ = "enrolments"
    __table_args__ = (Index(None, "student_id", "class_id"), Index(None, "class_id", "student_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    class_id: Mapped[int] = mapped_column(ForeignKey("classes.id"))
    source_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    ended_at: Mapped[datetime | None]

    @classmethod
    def is_not_over_on(cls, day: date | ColumnElement[date]) -> ColumnElement[bool]:
        """The criterion that nobody has ended it and that its last day, if there is one, has not passed on `day`."""
        return and_(cls.is_current(), or_(cls.last_day.is_(None), cls.last_day >= day))


class TeachingAssignment(Endable, Base):
    """A member of staff teaches a class, so that its students are on their caseload (rule B9)."""

    __tablename__ = "teaching_assignments"
    __table_args__ = (Index(None, "staff_id", "class_id"), Index(None, "class_id", "staff_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    class_id: Mapped[int] = mapped_column(ForeignKey("classes.id"))
    source_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    #: Whether the roster names this person as the class's first teacher.
    is_primary: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None]
