"""A student in a support, from a first to a last day or until somebody takes the student out (rule B11)."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, and_, text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql import ColumnElement

from portal import clock
from portal.db import Base, Scoped
from portal.db.dialects import partial_index
from portal.models.accounts.account import Account
from portal.models.event import Event, EventKind
from portal.models.rows import PubliclyNamed
from portal.models.supports.date_range import DateRange
from portal.models.supports.support import Support
from portal.policy.permissions import Reach
from portal.policy.reach import HasId

if TYPE_CHECKING:
    from portal.models.students.student import Student

_LIVE = text("ended_at IS NULL")


class SupportStudent(PubliclyNamed, DateRange, Scoped, Base):
    """The stay of one student in one support; a student has at most one open stay in each."""

    __tablename__ = "support_students"
    __table_args__ = (
        partial_index("uq_support_students_live", "support_id", "student_id", unique=True, where=_LIVE),
        Index(None, "student_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    support_id: Mapped[int] = mapped_column(ForeignKey("supports.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    added_at: Mapped[datetime] = mapped_column(default=clock.now)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))

    support: Mapped[Support] = relationship()
    student: Mapped["Student"] = relationship()

    @classmethod
    def within(cls, reach: Reach, account: HasId) -> ColumnElement[bool]:
        """Return the criterion for open rows of which both the support and the student are inside `reach`."""
        student = cls.student.property.mapper.class_
        return and_(
            cls.is_open(),
            cls.support.has(Support.within(reach, account)),
            cls.student.has(student.within(reach, account)),
        )

    def end(self, *, by: Account) -> None:
        """Take the student out, so that the lead no longer sees them through this support."""
        if self.end_once(by=by):
            Event.record(
                EventKind.REMOVED_FROM_SUPPORT, by=by, student_id=self.student_id, support=self.support_id
            )
