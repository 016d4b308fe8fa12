"""Read the open code of a student with everything that decides what becomes of it, in one statement.

Apart from AccessCode, whose acts all begin with it.
"""

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Integer, Select, and_, bindparam, func, inspect, select
from sqlalchemy.orm.attributes import set_committed_value

from portal import clock
from portal.db import UtcDateTime, db
from portal.models.event import LATEST, moment_after
from portal.models.loaded import loaded
from portal.models.schools.school import SchoolYear
from portal.models.students.student import Student

if TYPE_CHECKING:
    from portal.models.codes.access_code import AccessCode


class CurrentCode(NamedTuple):
    """The open code at the moment `at`, and the school year for which a new one would be made; None where none is."""

    code: "AccessCode | None"
    at: datetime
    year: int | None
    year_ends_at: datetime | None

    @property
    def works(self) -> bool:
        """Whether there is a code that works at that moment."""
        return self.code is not None and self.code.works_at(self.at)


def lock_current(student: Student) -> CurrentCode:
    """Lock the student, and read as `current_of`: nobody else changes the code until the transaction ends."""
    student.lock()
    return current_of(student)


def current_of(student: Student) -> CurrentCode:
    """Read the open code anew. Acts that change it lock the student first."""
    db.session.flush()
    names, statement = _current()
    asked = {"student_id": student.id, "now": clock.now()}
    *own, latest, year, ends_at = db.session.connection().execute(statement, asked).one()
    columns = dict(zip(names, own, strict=True))
    code = loaded(_access_code(), columns, anew=True) if columns["id"] is not None else None
    set_committed_value(student, "code", code)
    return CurrentCode(code, moment_after(latest), year, ends_at)


def _access_code() -> "type[AccessCode]":
    model: type[AccessCode] = Student.code.property.mapper.class_
    return model


@cache
def _current() -> tuple[list[str], Select[Any]]:
    """Return the statement and the names of the code's columns in it. Built at the first use: all tables are known."""
    access_code: Any = _access_code()
    names = [column.key for column in inspect(access_code).column_attrs]
    now: Any = bindparam("now", type_=UtcDateTime())
    latest: Any = func.coalesce(LATEST, now)
    is_coming = and_(SchoolYear.is_open_at(now), SchoolYear.is_open_at(latest))
    statement = (
        select(*(getattr(access_code, name) for name in names), LATEST, SchoolYear.year, SchoolYear.ends_at)
        .select_from(Student)
        .outerjoin(Student.code)
        .outerjoin(SchoolYear, and_(SchoolYear.school_id == Student.school_id, is_coming))
        .where(Student.id == bindparam("student_id", type_=Integer))
        .order_by(SchoolYear.ends_at)
        .limit(1)
    )
    return names, statement
