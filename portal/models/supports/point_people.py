"""The current and former point people of one student."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, select

from portal.db import db
from portal.models.accounts.account import Staff
from portal.models.students.student import Student
from portal.models.supports.point_person import PointKind, PointPerson
from portal.models.users.eligible import has_permission
from portal.policy.permissions import Permission


class PointRole(NamedTuple):
    """The point person of a student for one subject; without a name, there is none.

    `row_id` is that of the PointPerson. `needs_new` is set when the person may no longer edit students at the school.
    """

    kind: PointKind
    name: str | None = None
    title: str | None = None
    public_id: str | None = None
    row_id: int | None = None
    needs_new: bool = False


class FormerPointPerson(NamedTuple):
    """A former point person, and from when until when."""

    name: str
    appointed_at: datetime
    ended_at: datetime


def point_people_of(student: Student) -> list[PointRole]:
    """Return the student's point people for all five subjects, in the order of PointKind."""
    asked = {"student_id": student.id, "school_id": student.school_id}
    rows: Any = db.session.connection().execute(_CURRENT, asked)
    found = {kind: rest for kind, *rest in rows}
    return [_role(kind, found.get(kind)) for kind in PointKind]


def former_point_people(student: Student, kind: PointKind) -> list[FormerPointPerson]:
    """Return the last ten former point people for that subject, the latest first."""
    ended = (
        select(Staff.name, PointPerson.appointed_at, PointPerson.ended_at)
        .join(Staff, Staff.id == PointPerson.staff_id)
        .where(PointPerson.student_id == student.id, PointPerson.kind == kind.value)
        .where(~PointPerson.is_current())
        .order_by(PointPerson.id.desc())
        .limit(10)
    )
    rows: Any = db.session.execute(ended)
    return [FormerPointPerson(*row) for row in rows]


def _role(kind: PointKind, found: list[Any] | None) -> PointRole:
    if found is None:
        return PointRole(kind)
    name, title, public_id, row_id, still_may = found
    return PointRole(kind, name, title, public_id, row_id, not still_may)


class _Asked(NamedTuple):
    """The parameters that stand for a student."""

    id: Any
    school_id: Any


_STUDENT = _Asked(bindparam("student_id", type_=Integer), bindparam("school_id", type_=Integer))
_STILL_MAY = has_permission(Staff.id, PointPerson.school_id, Permission.BE_POINT_PERSON)
_CURRENT = (
    select(PointPerson.kind, Staff.name, Staff.title, Staff.public_id, PointPerson.id, _STILL_MAY)
    .join(Staff, Staff.id == PointPerson.staff_id)
    .where(PointPerson.is_current_for(_STUDENT))
)
