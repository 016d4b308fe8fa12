"""List the supports in which one student is and was."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, and_, bindparam, case, not_, select

from portal.db import db
from portal.models.accounts.account import Account, Staff
from portal.models.students.student import Student
from portal.models.supports.support import Support
from portal.models.supports.support_student import SupportStudent
from portal.models.users.eligible import has_permission
from portal.policy.permissions import Permission
from portal.policy.reach import Scopes, asked_by


class StudentSupport(NamedTuple):
    """One stay of a student in a support."""

    #: The public id of the support.
    support_id: str
    name: str
    category: str
    lead: str
    first_day: date
    #: The last day of the student, else that of the support.
    last_day: date | None
    #: When somebody ended the stay or the support.
    ended_at: datetime | None
    is_running: bool
    #: Whether the support is within reach, too.
    may_open: bool
    #: Whether it is not over and its lead has no access at the school any more.
    needs_lead: bool


def supports_of_student(student: Student, *, by: Account) -> list[StudentSupport]:
    """Return the supports of the student at the present school: running ones first, then by first day, latest first."""
    scopes, asker = asked_by(by, Permission.VIEW_STUDENT)
    asked = asker | {"student_id": student.id, "school_id": student.school_id}
    rows: Any = db.session.connection().execute(_supports_of_student(scopes), asked)
    return [StudentSupport(*row) for row in rows]


@lru_cache(maxsize=64)
def _supports_of_student(scopes: Scopes) -> Select[Any]:
    runs = and_(Support.is_in_force_at(Support.school_id), SupportStudent.is_in_force_at(Support.school_id))
    ended_at = case((~SupportStudent.is_open(), SupportStudent.ended_at), else_=Support.ended_at)
    may_lead = has_permission(Staff.id, Support.school_id, Permission.LEAD_SUPPORT)
    return (
        select(
            Support.public_id,
            Support.name,
            Support.category,
            Staff.name,
            SupportStudent.first_day,
            case((SupportStudent.last_day.is_(None), Support.last_day), else_=SupportStudent.last_day),
            ended_at,
            runs.label("runs"),
            Support.reachable_by_asker(scopes),
            and_(not_(Support.is_over()), not_(may_lead)),
        )
        .select_from(SupportStudent)
        .join(Support, Support.id == SupportStudent.support_id)
        .join(Staff, Staff.id == Support.lead_id)
        .where(SupportStudent.student_id == bindparam("student_id", type_=Integer))
        .where(Support.school_id == bindparam("school_id", type_=Integer))
        .order_by(runs.desc(), SupportStudent.first_day.desc(), SupportStudent.id.desc())
    )
