"""The tables of restrictions: a person may not see a student, such as after a decision on custody.

A pairing of the restricted person stays, without effect, and works again when the restriction is over.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, and_, bindparam, false, func, or_, select, text
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql import ColumnElement, Select

from portal import clock
from portal.db import Base, Scoped, UtcDateTime
from portal.db.dialects import partial_index
from portal.models.accounts.account import Account
from portal.models.rows import NEVER, PubliclyNamed
from portal.policy.permissions import Reach, Scope
from portal.policy.reach import HasId

if TYPE_CHECKING:
    from portal.models.students.student import Student

#: Why mail about a student was not sent, in words for staff.
NO_MAIL = "This person may not see the student at present."

_OPEN = text("ended_at IS NULL")


class Restriction(PubliclyNamed, Scoped, Base):
    """A restriction of one person for one student; portal.models.guardians.restricting places and ends it."""

    __tablename__ = "restrictions"
    __table_args__ = (
        partial_index("uq_restrictions_open", "student_id", "email", unique=True, where=_OPEN),
        Index(None, "student_id"),
        Index(None, "guardian_id"),
        Index(None, "email"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    #: The email that staff entered, in lower case; any account with it is restricted.
    email: Mapped[str] = mapped_column(String(254))
    #: The restricted account, even when its email changes; None while nobody with the email has an account.
    guardian_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    #: The reason that its author entered, for staff.
    reason: Mapped[str] = mapped_column(String(1000))
    #: A reference to the document, such as the number of a court order.
    document: Mapped[str | None] = mapped_column(String(200))
    #: The first and the last day on which it holds, in the time zone of the school.
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    #: The first moment at which it holds; None for "when it was placed", so that setting a clock back does not lift it.
    starts_at: Mapped[datetime | None]
    #: The first moment at which it no longer holds.
    ends_at: Mapped[datetime | None]
    placed_at: Mapped[datetime] = mapped_column(default=clock.now)
    placed_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    ended_at: Mapped[datetime | None]
    #: None when its last day passed and another restriction was placed after it.
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    ending_reason: Mapped[str | None] = mapped_column(String(1000))

    student: Mapped["Student"] = relationship()

    @hybrid_method
    def is_open(self) -> bool:
        """Return whether nobody has ended it, whatever its days are; of the class, the criterion."""
        return self.ended_at == NEVER

    @classmethod
    def within(cls, reach: Reach, account: HasId) -> ColumnElement[bool]:
        """Return the criterion for open restrictions of students inside `reach`; guardians see none."""
        if reach.scope in (Scope.OWN_STUDENTS, Scope.OWN_ACCOUNT):
            return false()
        student = cls.student.property.mapper.class_
        return and_(cls.is_open(), cls.student.has(student.within(reach, account)))

    def is_in_force(self, at: datetime) -> bool:
        """Return whether it is in force at that moment."""
        return self.is_open() and has_begun(self.starts_at, at) and not self.is_over(at)

    def is_over(self, at: datetime) -> bool:
        """Return whether its last day has passed."""
        return self.ends_at is not None and self.ends_at <= at


class RestrictionEmail(Base):
    """A present or former email of a restricted person, in lower case; the first was entered by staff."""

    __tablename__ = "restriction_emails"

    restriction_id: Mapped[int] = mapped_column(ForeignKey("restrictions.id"), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), primary_key=True, index=True)


def has_begun(starts_at: datetime | None, at: datetime) -> bool:
    """Return whether a restriction with that `starts_at` has begun; without one, it began when it was placed."""
    return starts_at is None or starts_at <= at


def is_in_force_at(at: Any) -> ColumnElement[bool]:
    """Return the criterion for restrictions in force at that moment."""
    return and_(is_not_over_at(at), or_(Restriction.starts_at.is_(None), Restriction.starts_at <= at))


def is_not_over_at(at: Any) -> ColumnElement[bool]:
    """Return the criterion for restrictions that nobody has ended and whose last day has not passed at that moment."""
    return and_(Restriction.is_open(), or_(Restriction.ends_at.is_(None), Restriction.ends_at > at))


def is_about(*, account_id: Any, email: Any) -> ColumnElement[bool]:
    """Return the criterion for restrictions of that account, or of anyone with that present or former email."""
    return or_(Restriction.guardian_id == account_id, _knows(email))


def students_barred_to(account_id: Any) -> Select[int]:
    """Select the ids of the students whom this account may not see at the time of execution."""
    email = select(_owner.c.email).where(_owner.c.id == account_id).correlate(None).scalar_subquery()
    is_theirs = is_about(account_id=account_id, email=email)
    return select(Restriction.student_id).where(is_theirs, is_in_force_at(_NOW))


def barring(student_id: Any, *, account_id: Any, email: Any, at: Any) -> Any:
    """Select the id of a restriction that bars that account or email from one student, or NULL.

    All arguments may be parameters of the statement; the email is in lower case.
    """
    is_theirs = is_about(account_id=account_id, email=email)
    wanted = select(func.min(Restriction.id)).where(Restriction.student_id == student_id, is_theirs)
    return wanted.where(is_in_force_at(at)).scalar_subquery()


def bars_mail(student_id: Any, address: Any) -> ColumnElement[bool]:
    """Select whether no mail about the student may go to that address; both may be columns."""
    about_student = select(Restriction.id).where(Restriction.student_id == student_id, is_in_force_at(_NOW))
    return about_student.where(_knows(func.lower(address))).correlate_except(Restriction).exists()


def _knows(email: Any) -> ColumnElement[bool]:
    known = select(RestrictionEmail.restriction_id).where(RestrictionEmail.email == email)
    return Restriction.id.in_(known.correlate_except(RestrictionEmail))


#: An alias of the table, not of the class, because that would need models that are not defined yet.
_owner = Account.__table__.alias()
_NOW: ColumnElement[datetime] = bindparam(None, callable_=clock.now, type_=UtcDateTime(), unique=True)
