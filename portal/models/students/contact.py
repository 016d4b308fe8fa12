"""A contact on file, to whom login instructions may be sent. Apart because it is a table."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, Select, String, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, db
from portal.models.rows import Endable, PersonName, PubliclyNamed
from portal.models.students.student import Student


class Contact(PubliclyNamed, PersonName, Endable, Base):
    """One adult as contact of one student, without access; an adult with two students has two rows."""

    __tablename__ = "contacts"
    __table_args__ = (Index("uq_contacts_student_id_source_id", "student_id", "source_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    #: The adult's sourcedId in the roster.
    source_id: Mapped[str | None] = mapped_column(String(255))
    given_name: Mapped[str] = mapped_column(String(120))
    family_name: Mapped[str] = mapped_column(String(120), default="")
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    relationship: Mapped[str | None] = mapped_column(String(40))
    #: The code of their language, such as "es"; none when the school does not know it.
    language: Mapped[str | None] = mapped_column(String(12))
    ended_at: Mapped[datetime | None]

    @classmethod
    def of(cls, student: Student) -> "Select[Contact]":
        """Select the current contacts of the student, by name."""
        return _ON_FILE.with_only_columns(cls).where(cls.student_id == student.id)


def contacts_of(student: Student) -> Sequence[Any]:
    """Return name, relationship, email and phone of the current contacts of the student, by name."""
    return db.session.connection().execute(_LINES, {"student_id": student.id}).all()


_ON_FILE = (
    select(Contact.name.label("name"), Contact.relationship, Contact.email, Contact.phone)
    .where(Contact.is_current())
    .order_by(Contact.family_name, Contact.given_name, Contact.id)
)
_LINES = _ON_FILE.where(Contact.student_id == bindparam("student_id", type_=Integer))
