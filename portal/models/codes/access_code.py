"""The table of access codes. A code is printed on a letter, and lets its reader be paired with the student."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, bindparam, insert, select, text, update
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship
from sqlalchemy.orm.attributes import set_committed_value

from portal import clock
from portal.db import Base, Refused, db
from portal.db.dialects import partial_index
from portal.models.accounts.account import Account
from portal.models.codes.current import CurrentCode, current_of, lock_current
from portal.models.codes.sealed_code import draw_row, open_code
from portal.models.event import Event, EventKind
from portal.models.inserting import inserted
from portal.models.rows import NEVER, PubliclyNamed
from portal.models.schools.school import SchoolYear, has_not_ended
from portal.models.students.student import Student
from portal.text.language import gettext as _


class Ending(StrEnum):
    """The reason why a code ended. An ended code never works again."""

    RESET = "reset"
    REVOKED = "revoked"
    EXPIRED = "expired"
    CLOSED = "closed"


class AccessCode(PubliclyNamed, Base):
    __tablename__ = "access_codes"
    __table_args__ = (
        partial_index("uq_access_codes_open", "student_id", unique=True, where=text("ended_at IS NULL")),
        Index(None, "student_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    #: The school year in which it works, at the school where the student is when it is used.
    year: Mapped[int]
    #: The code itself, encrypted; erased when it ends.
    sealed: Mapped[bytes | None]
    #: A keyed hash of the code; kept after the code ends, so that an old letter is recognised.
    digest: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    ending: Mapped[str | None] = mapped_column(String(8))
    #: When a letter with this code was last made; None when there was none.
    letter_made_at: Mapped[datetime | None]

    student: Mapped[Student] = relationship(viewonly=True)

    if TYPE_CHECKING:
        #: The first moment at which it no longer works; None when the school has no such year.
        expires_at: Mapped[datetime | None]

    @classmethod
    def enable(cls, student: Student, *, by: Account) -> "AccessCode":
        """Return the student's working code, and make it if there is none. Two staff at once get the same one.

        Raises Refused when the student has left or the school has no year to make codes for.
        """
        current = lock_current(student)
        if current.works and current.code and student.is_enrolled():
            return current.code
        return cls._issue(student, Ending.EXPIRED, current, by=by)

    @classmethod
    def replace(cls, student: Student, *, by: Account, seen: str | None = None) -> "AccessCode":
        """Issue a new code; the one on letters already sent stops working. Pairings stay.

        `seen` is the public id of the code that the author wants to replace. Raises Refused as `enable` does, and
        when another code is current by now.
        """
        current = lock_current(student)
        if seen is not None and (current.code is None or current.code.public_id != seen):
            raise Refused(_("Somebody made a new access code in the meantime. Nothing was changed by you."))
        return cls._issue(student, Ending.RESET, current, by=by)

    @classmethod
    def replace_after_revocation(cls, student: Student, *, by: Account) -> "AccessCode | None":
        """End the code, because someone who knows it has lost access, and issue a new one if it worked.

        The student has to be locked. Returns None when there was no code, when the student has left, or when the
        code had expired; such a code is ended too, because a later last day of school would let it work again.
        """
        current = current_of(student)
        if current.code is None:
            return None
        if not student.is_enrolled() or not current.works:
            current.code._take_back(Ending.REVOKED, by=by)
            return None
        return cls._issue(student, Ending.REVOKED, current, by=by)

    def close(self, *, by: Account) -> None:
        """End this code without a new one, so that nobody can sign up until staff enable the student again."""
        if lock_current(self.student).code is self:
            self._take_back(Ending.CLOSED, by=by)

    @hybrid_method
    def is_open(self) -> bool:
        """Return whether it was not ended, though it may have expired; of the class or an alias, the criterion."""
        return self.ended_at == NEVER

    def works_at(self, at: datetime) -> bool:
        """Return whether it is open and its school year is not over; in SQL, see family_status.has_working_code."""
        return self.is_open() and has_not_ended(self.expires_at, at)

    def pairs_at(self, at: datetime) -> bool:
        """Return whether its holder can be paired with the student at that moment."""
        return self.works_at(at) and self.student.is_enrolled()

    @property
    def text(self) -> str:
        """The code in plain text: twelve symbols without dashes."""
        if self.sealed is None:
            raise Refused(_("This code is no longer in use."))
        return open_code(self.sealed, student_id=self.student_id, public_id=self.public_id)

    def last_day(self, zone: str) -> date | None:
        """Return the last day on which it works, in the time zone `zone`."""
        return clock.last_day_before(self.expires_at, zone) if self.expires_at else None

    @classmethod
    def _issue(cls, student: Student, ending: Ending, current: CurrentCode, *, by: Account) -> "AccessCode":
        """Issue a new code; the `current` one, if any, ends for the reason `ending`."""
        year = _year_for(student, current)  # refuses before the code that it comes after has ended
        if current.code:
            current.code._end(ending, by=by)
        code = inserted(_NEW, cls, draw_row(student.id, year=year, by=by))
        set_committed_value(code, "expires_at", current.year_ends_at)
        set_committed_value(student, "code", code)
        kind = EventKind.CODE_ENABLED if ending is Ending.EXPIRED else EventKind.CODE_RESET
        Event.record(kind, by=by, student_id=student.id)
        return code

    def _take_back(self, ending: Ending, *, by: Account) -> None:
        self._end(ending, by=by)
        Event.record(EventKind.CODE_CLOSED, by=by, student_id=self.student_id)

    def _end(self, ending: Ending, *, by: Account) -> None:
        end = {"ended_at": clock.now(), "ended_by_id": by.id, "ending": ending.value, "sealed": None}
        db.session.connection().execute(_END, end | {"code_id": self.id})
        for name, value in end.items():
            set_committed_value(self, name, value)


def _year_for(student: Student, current: CurrentCode) -> int:
    if not student.is_enrolled():
        raise Refused(_("%(name)s is no longer at this school.", name=student.name))
    if current.year is None:
        school = student.school.name
        raise Refused(_("%(school)s has no school year yet: import the roster first.", school=school))
    return current.year


_holder = Student.__table__.alias()
AccessCode.expires_at = column_property(
    select(SchoolYear.ends_at)
    .join(_holder, _holder.c.school_id == SchoolYear.school_id)
    .where(_holder.c.id == AccessCode.student_id, SchoolYear.year == AccessCode.year)
    .correlate_except(SchoolYear, _holder)
    .scalar_subquery()
)

# Built once: building a statement takes as long as executing it.
_TABLE: Any = AccessCode.__table__
_NEW = insert(_TABLE)
_END = update(_TABLE).where(_TABLE.c.id == bindparam("code_id"), _TABLE.c.ended_at == NEVER)
