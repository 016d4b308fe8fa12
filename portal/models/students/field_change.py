"""One line in the history of a student's fields. Rows are only ever added: the database refuses the rest."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Index, Row, String, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock
from portal.db import Base, db
from portal.models.accounts.account import Account
from portal.models.rows import PubliclyNamed
from portal.models.students.student import Student

PAGE = 50


class FieldChange(PubliclyNamed, Base):
    """Who changed which field of a student when, from what to what; an empty field is none."""

    __tablename__ = "field_changes"
    __table_args__ = (Index(None, "student_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    #: The name of the column.
    field: Mapped[str] = mapped_column(String(40))
    old: Mapped[str | None] = mapped_column(String(200))
    new: Mapped[str | None] = mapped_column(String(200))


class Changes(NamedTuple):
    """A page of the history, newest first. `after` leads to the next one; none on the last."""

    lines: list[Row[Any]]
    after: str | None


def changes_of(student: Student, *, after: str = "", most: int = PAGE) -> Changes:
    """The changes of this student's fields; those older than the one with the public id `after`."""
    page = _LINES.where(FieldChange.student_id == student.id)
    if after:
        last = select(FieldChange.id).filter_by(public_id=after, student_id=student.id)
        page = page.where(FieldChange.id < last.scalar_subquery())
    lines: list[Row[Any]] = list(db.session.execute(page.limit(most + 1)))
    return Changes(lines[:most], lines[most - 1].public_id if len(lines) > most else None)


_LINES = (
    select(
        FieldChange.public_id,
        FieldChange.at,
        FieldChange.field,
        FieldChange.old,
        FieldChange.new,
        (Account.given_name + " " + Account.family_name).label("author"),
    )
    .join(Account, Account.id == FieldChange.account_id)
    .order_by(FieldChange.id.desc())
)
