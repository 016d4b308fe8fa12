"""The point person of a student for a subject (rule B10). A new one is a new row; the former row is ended."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, and_, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.db import Base
from portal.db.dialects import partial_index
from portal.models.accounts.account import Staff
from portal.models.rows import Endable

_LIVE = text("ended_at IS NULL")


class PointKind(StrEnum):
    """The five subjects of point people. The values are stored and stand in addresses."""

    ATTENDANCE = "attendance"
    ACADEMIC = "academic"
    REGENTS = "regents"
    CREDITS = "credits"
    POSTSECONDARY = "postsecondary"

    @property
    def label(self) -> str:
        return self.title()


class PointPerson(Endable, Base):
    """The assignment of a member of staff as point person of a student, current or ended."""

    __tablename__ = "point_people"
    __table_args__ = (
        partial_index("uq_point_people_live", "student_id", "kind", unique=True, where=_LIVE),
        Index(None, "student_id"),
        partial_index("ix_point_people_staff", "staff_id", "student_id", where=_LIVE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The school at which the person was assigned. At another school the row no longer counts.
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    #: The value of a PointKind.
    kind: Mapped[str] = mapped_column(String(16))
    staff_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    appointed_at: Mapped[datetime] = mapped_column(default=clock.now)
    appointed_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    staff: Mapped[Staff] = relationship(foreign_keys=staff_id)

    @classmethod
    def is_current_for(cls, student: Any) -> ColumnElement[bool]:
        """Return the criterion for the current point people of one student, or of each row of Student."""
        return and_(cls.student_id == student.id, cls.school_id == student.school_id, cls.is_current())
