"""The table of pairings: a guardian may see a student from a moment on, until somebody revokes it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    ScalarSelect,
    String,
    and_,
    bindparam,
    false,
    func,
    select,
    text,
    update,
)
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql import ColumnElement

from portal import clock
from portal.db import Base, Scoped, db
from portal.db.dialects import partial_index
from portal.models.accounts.account import Account, Guardian
from portal.models.event import Event, EventKind
from portal.models.guardians.restriction import students_barred_to
from portal.models.rows import NEVER, PubliclyNamed
from portal.models.students.student import Student
from portal.policy.permissions import Reach, Scope
from portal.policy.reach import HasId

_LIVE = text("revoked_at IS NULL")


class RevocationReason(StrEnum):
    MOVED_AWAY = "moved_away"
    CUSTODY = "custody"
    MISTAKE = "mistake"
    LETTER_LOST = "letter_lost"
    OTHER = "other"
    #: The reason when guardians remove a student from their account themselves.
    OWN_WISH = "own_wish"


class Pairing(PubliclyNamed, Scoped, Base):
    __tablename__ = "pairings"
    __table_args__ = (
        partial_index("uq_pairings_live", "student_id", "guardian_id", unique=True, where=_LIVE),
        Index(None, "guardian_id"),
        Index(None, "student_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    guardian_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    access_code_id: Mapped[int] = mapped_column(ForeignKey("access_codes.id"))
    paired_at: Mapped[datetime] = mapped_column(default=clock.now)
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    revocation_reason: Mapped[str | None] = mapped_column(String(16))
    revocation_note: Mapped[str | None] = mapped_column(String(1000))

    student: Mapped[Student] = relationship()
    guardian: Mapped[Guardian] = relationship(foreign_keys=guardian_id)

    @hybrid_method
    def is_live(self) -> bool:
        """Return whether nobody has revoked it; of the class or an alias, the criterion."""
        return self.revoked_at == NEVER

    @classmethod
    def within(cls, reach: Reach, account: HasId) -> ColumnElement[bool]:
        """Return the criterion for live pairings of students inside `reach`; for guardians, for their own."""
        if reach.scope is Scope.OWN_STUDENTS:
            is_barred = cls.student_id.in_(students_barred_to(account.id))
            return and_(cls.is_live(), cls.guardian_id == account.id, ~is_barred)
        if reach.scope is Scope.OWN_ACCOUNT:
            return false()
        return and_(cls.is_live(), cls.student.has(Student.within(reach, account)))

    def end(self, *, by: Account, reason: RevocationReason, note: str | None = None) -> bool:
        """End the pairing, and return whether it was live; otherwise keep the first author and reason."""
        end = {
            "revoked_at": clock.now(),
            "revoked_by_id": by.id,
            "revocation_reason": reason.value,
            "revocation_note": note,
        }
        if not db.session.connection().execute(_END, end | {"pairing_id": self.id}).rowcount:
            return False
        for name, value in end.items():
            set_committed_value(self, name, value)
        kind = EventKind.LEFT if by.id == self.guardian_id else EventKind.REVOKED
        Event.record(kind, by=by, student_id=self.student_id, about_id=self.guardian_id, reason=reason.value)
        return True


def guardian_count() -> ScalarSelect[int]:
    """Select the number of guardians who are paired with the Student of the enclosing statement."""
    live = select(func.count()).where(Pairing.student_id == Student.id, Pairing.is_live())
    return live.correlate(Student).scalar_subquery()


_TABLE: Any = Pairing.__table__
_END = update(_TABLE).where(_TABLE.c.id == bindparam("pairing_id"), _TABLE.c.revoked_at == NEVER)
