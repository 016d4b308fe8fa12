"""The history of a student's planning fields (rule B13). Triggers of the database refuse changes and deletions."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, Row, String, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock
from portal.db import Base
from portal.models.accounts.account import Account
from portal.models.paging import Order, Page, paged, read_page
from portal.models.rows import PubliclyNamed
from portal.models.students.student import Student

PAGE = 50


class FieldChange(PubliclyNamed, Base):
    """One change of one field of a student. `old` and `new` are values as text; none for an empty field."""

    __tablename__ = "field_changes"
    __table_args__ = (Index(None, "student_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    #: The name of the column of Student.
    field: Mapped[str] = mapped_column(String(40))
    old: Mapped[str | None] = mapped_column(String(200))
    new: Mapped[str | None] = mapped_column(String(200))


def changes_of(student: Student, *, after: str = "", most: int = PAGE) -> Page[Row[Any]]:
    """Return a page of at most `most` changes: the newest, or those older than the public id `after`."""
    return read_page(
        _pages(most, is_later=bool(after)), {"student_id": student.id, "after": after}, size=most
    )


@cache
def _pages(most: int, *, is_later: bool) -> Any:
    own = FieldChange.student_id == bindparam("student_id", type_=Integer)
    newest_first = Order(
        columns=(FieldChange.id,),
        mark=FieldChange.public_id,
        places=select(FieldChange.id).where(own),
        is_descending=True,
    )
    return paged(_LINES, own, newest_first, size=most, is_later=is_later)


_LINES = select(
    FieldChange.public_id,
    FieldChange.at,
    FieldChange.field,
    FieldChange.old,
    FieldChange.new,
    Account.name.label("author"),
).join(Account, Account.id == FieldChange.account_id)
