"""List the notes about one student, the newest first, with their former texts."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, select

from portal.db import db
from portal.models.accounts.account import Staff
from portal.models.paging import Order, Page, paged, read_page
from portal.models.students.note import CORRECTABLE_FOR, FormerNote, Note
from portal.models.students.student import Student

PAGE = 20


class NoteLine(NamedTuple):
    """One note of the list. `former` holds the former texts and when they were replaced, the oldest first."""

    public_id: str
    text: str
    written_at: datetime
    corrected_at: datetime | None
    versions: int
    author_id: int
    author: str
    title: str | None
    former: tuple[tuple[str, datetime], ...] = ()

    @property
    def correctable_until(self) -> datetime:
        """The last moment at which the author may correct it."""
        return self.written_at + CORRECTABLE_FOR


def notes_of(student: Student, *, after: str = "") -> Page[NoteLine]:
    """Return a page of the notes about this student: the newest, or those older than the public id `after`."""
    values = {"student_id": student.id, "after": after}
    found = read_page(_pages(is_later=bool(after)), values, size=PAGE)
    former = _former([row.id for row in found.lines if row.versions > 1])
    return found.of(lambda row: NoteLine(*row[1:])._replace(former=former.get(row.id, ())))


@cache
def _pages(*, is_later: bool) -> Any:
    own = Note.student_id == bindparam("student_id", type_=Integer)
    newest_first = Order(
        columns=(Note.id,), mark=Note.public_id, places=select(Note.id).where(own), is_descending=True
    )
    return paged(_LINES, own, newest_first, size=PAGE, is_later=is_later)


def _former(note_ids: Sequence[int]) -> dict[int, tuple[tuple[str, datetime], ...]]:
    wanted = select(FormerNote.note_id, FormerNote.text, FormerNote.replaced_at)
    rows = db.session.execute(wanted.where(FormerNote.note_id.in_(note_ids)).order_by(FormerNote.number))
    former: dict[int, tuple[tuple[str, datetime], ...]] = {}
    for note_id, text, replaced_at in rows:
        former[note_id] = (*former.get(note_id, ()), (text, replaced_at))
    return former


_LINES = select(
    Note.id,
    Note.public_id,
    Note.text,
    Note.written_at,
    Note.corrected_at,
    Note.versions,
    Note.author_id,
    Staff.name,
    Staff.title,
).join(Staff, Staff.id == Note.author_id)
