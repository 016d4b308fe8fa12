"""A contact on file, to whom login instructions may be sent. Apart because it is a table."""

from datetime import datetime
from typing import Self

from sqlalchemy import ForeignKey, Index, Select, String, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
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
    def of(cls, student: Student) -> Select[Self]:
        """Select the current contacts of the student, by name."""
        on_file = select(cls).where(cls.student_id == student.id, cls.is_current())
        return on_file.order_by(cls.family_name, cls.given_name, cls.id)
