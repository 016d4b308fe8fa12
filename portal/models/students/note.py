"""What staff write down about a student, for other staff who see them. Never shown to guardians, never deleted."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql import ColumnElement

from portal import clock
from portal.db import Base, Refused, Scoped, db
from portal.models.accounts.account import Account, Staff
from portal.models.event import Event, EventKind, moment
from portal.models.rows import PubliclyNamed, changes_one
from portal.models.students.student import Student
from portal.policy.permissions import Reach
from portal.policy.reach import HasId
from portal.text.language import gettext as _

#: Signs a note may have.
LONGEST = 4000

#: So long after writing, the author may correct the note.
CORRECTABLE_FOR = timedelta(minutes=15)

#: The same words again within this time are a second press of the same button.
AGAIN_AFTER = timedelta(minutes=1)


class Note(PubliclyNamed, Scoped, Base):
    __tablename__ = "notes"
    __table_args__ = (Index(None, "student_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
    text: Mapped[str] = mapped_column(Text)
    corrected_at: Mapped[datetime | None]
    #: How many texts it has had; the former ones are kept as FormerNote.
    versions: Mapped[int] = mapped_column(default=1)

    student: Mapped[Student] = relationship()
    author: Mapped[Staff] = relationship()

    @classmethod
    def within(cls, reach: Reach, account: HasId) -> ColumnElement[bool]:
        """Notes about students inside `reach`."""
        return cls.student.has(Student.within(reach, account))

    @classmethod
    def add(cls, student: Student, text: str, *, by: Staff) -> "Note":
        """Write a note; the one that is there already when the same words were sent a moment ago."""
        student.lock()
        same = select(cls).where(
            cls.student_id == student.id,
            cls.author_id == by.id,
            cls.text == text,
            cls.written_at > clock.now() - AGAIN_AFTER,
        )
        return db.session.scalar(same.limit(1)) or cls._write(student, text, by=by)

    def correct(self, text: str, *, seen: int, by: Account) -> "Note":
        """Replace the text and keep the former one; the note itself. `seen` is the number of versions it was read with.

        Raises Refused for anybody but the author, when the time for it is over, and when the note was
        corrected in between.
        """
        now, former = moment(), self.text
        if text == former:
            return self
        if by.id != self.author_id:
            raise Refused(_("Only the author can correct a note."))
        if not self.is_correctable(now):
            raise Refused(_("A note can be corrected for 15 minutes. Add a new note instead."))
        if seen != self.versions or not self._replace(text, at=now):
            raise Refused(_("This note was corrected in another window. Reload the page to see it."))
        db.session.add(FormerNote(note_id=self.id, number=seen, text=former, replaced_at=now))
        Event.record(EventKind.NOTE_CORRECTED, by=by, student_id=self.student_id, note=self.id)
        return self

    def is_correctable(self, at: datetime) -> bool:
        """Whether the author may still correct it at that moment."""
        return at - self.written_at <= CORRECTABLE_FOR

    def _replace(self, text: str, *, at: datetime) -> bool:
        """Whether nobody was faster."""
        row = update(Note).where(Note.id == self.id, Note.versions == self.versions)
        change = row.values(text=text, corrected_at=at, versions=self.versions + 1)
        is_first = changes_one(change)
        db.session.expire(self, ["text", "corrected_at", "versions"])
        return is_first

    @classmethod
    def _write(cls, student: Student, text: str, *, by: Staff) -> "Note":
        note = cls(student_id=student.id, author_id=by.id, text=text, written_at=clock.now())
        db.session.add(note)
        db.session.flush()
        Event.record(EventKind.NOTE_ADDED, by=by, student_id=student.id, note=note.id)
        return note


class FormerNote(Base):
    """What a note said before it was corrected. Rows are only ever added: the database refuses the rest."""

    __tablename__ = "former_notes"
    __table_args__ = (UniqueConstraint("note_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("notes.id"))
    #: 1 is what it said first.
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    replaced_at: Mapped[datetime]
