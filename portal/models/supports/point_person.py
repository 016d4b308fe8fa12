"""Whom to turn to about a student, one person for each of five subjects. Replaced rather than edited."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, and_, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.db import Base
from portal.models.accounts.account import Staff
from portal.models.rows import Endable

_LIVE = text("ended_at IS NULL")


class PointKind(StrEnum):
    ATTENDANCE = "attendance"
    ACADEMIC = "academic"
    REGENTS = "regents"
    CREDITS = "credits"
    POSTSECONDARY = "postsecondary"

    @property
    def label(self) -> str:
        return self.title()


class PointPerson(Endable, Base):
    __tablename__ = "point_people"
    __table_args__ = (
        Index(
            "uq_point_people_live",
            "student_id",
            "kind",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index(None, "student_id"),
        Index(
            "ix_point_people_staff",
            "staff_id",
            "student_id",
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Where it was decided: a student who moves to another school takes nobody along.
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    kind: Mapped[str] = mapped_column(String(16))
    staff_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    appointed_at: Mapped[datetime] = mapped_column(default=clock.now)
    appointed_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    staff: Mapped[Staff] = relationship(foreign_keys=staff_id)

    @classmethod
    def is_current_for(cls, student: Any) -> ColumnElement[bool]:
        """The criterion for the point people of a student, at the school where the student is now."""
        return and_(cls.student_id == student.id, cls.school_id == student.school_id, cls.is_current())
