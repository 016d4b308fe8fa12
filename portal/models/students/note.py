"""Notes of staff about a student, which guardians never see and nobody deletes (rule B12)."""

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

#: The greatest number of characters of a note.
LONGEST = 4000

#: How long after writing the author may correct the note.
CORRECTABLE_FOR = timedelta(minutes=15)

#: The same text sent again within this time counts as a second press of the same button.
REPEATED_WITHIN = timedelta(minutes=1)


class Note(PubliclyNamed, Scoped, Base):
    """One note about a student, with its present text."""

    __tablename__ = "notes"
    __table_args__ = (Index(None, "student_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
    text: Mapped[str] = mapped_column(Text)
    corrected_at: Mapped[datetime | None]
    #: How many texts it has had. The former ones are kept as rows of FormerNote.
    versions: Mapped[int] = mapped_column(default=1)

    student: Mapped[Student] = relationship()
    author: Mapped[Staff] = relationship()

    @classmethod
    def within(cls, reach: Reach, account: HasId) -> ColumnElement[bool]:
        """Return the criterion for the notes about students inside `reach`."""
        return cls.student.has(Student.within(reach, account))

    @classmethod
    def add(cls, student: Student, text: str, *, by: Staff) -> "Note":
        """Add a note and return it. The same text from the same author within REPEATED_WITHIN adds nothing."""
        student.lock()
        same = select(cls).where(
            cls.student_id == student.id,
            cls.author_id == by.id,
            cls.text == text,
            cls.written_at > clock.now() - REPEATED_WITHIN,
        )
        return db.session.scalar(same.limit(1)) or cls._write(student, text, by=by)

    def correct(self, text: str, *, seen: int, by: Account) -> "Note":
        """Replace the text, keep the former one, and return the note.

        `seen` is the value of `versions` when the form was opened. Raises Refused for anybody but the author, after
        CORRECTABLE_FOR, and when the note was corrected in between.
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
        """Whether the author may correct it at that moment."""
        return at - self.written_at <= CORRECTABLE_FOR

    def _replace(self, text: str, *, at: datetime) -> bool:
        """Store the new text; return False when somebody else has corrected the note in the meantime."""
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
    """The text of a note before a correction. Triggers of the database refuse changes and deletions."""

    __tablename__ = "former_notes"
    __table_args__ = (UniqueConstraint("note_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("notes.id"))
    #: The number of the version; 1 is the first text.
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    replaced_at: Mapped[datetime]
