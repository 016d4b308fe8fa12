"""The supports one student is or was in."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, case, not_, select

from portal.db import db
from portal.models.accounts.account import Account, Staff
from portal.models.students.student import Student
from portal.models.supports.support import Support
from portal.models.supports.support_student import SupportStudent
from portal.models.users.eligible import has_permission
from portal.policy.permissions import Permission


class InSupport(NamedTuple):
    """One stay. `ended_at`: when it, or the support, was ended by hand; `may_open`: the support is within reach too."""

    support_id: str
    name: str
    category: str
    lead: str
    first_day: date
    last_day: date | None
    ended_at: datetime | None
    is_running: bool
    may_open: bool
    #: Whoever leads it has no access at the school any more, though it is not over.
    needs_lead: bool


def supports_with(student: Student, *, by: Account) -> list[InSupport]:
    """Those that run first, then the others, the latest first. One statement."""
    runs = and_(Support.is_in_force_at(Support.school_id), SupportStudent.is_in_force_at(Support.school_id))
    ended_at = case((~SupportStudent.is_open(), SupportStudent.ended_at), else_=Support.ended_at)
    may_lead = has_permission(Staff.id, student.school_id, Permission.LEAD_SUPPORT)
    found = (
        select(
            Support.public_id,
            Support.name,
            Support.category,
            Staff.name,
            SupportStudent.first_day,
            case((SupportStudent.last_day.is_(None), Support.last_day), else_=SupportStudent.last_day),
            ended_at,
            runs.label("runs"),
            Support.reachable(by, Permission.VIEW_STUDENT),
            and_(not_(Support.is_over()), not_(may_lead)),
        )
        .select_from(SupportStudent)
        .join(Support, Support.id == SupportStudent.support_id)
        .join(Staff, Staff.id == Support.lead_id)
        .where(SupportStudent.student_id == student.id, Support.school_id == student.school_id)
        .order_by(runs.desc(), SupportStudent.first_day.desc(), SupportStudent.id.desc())
    )
    rows: Any = db.session.execute(found)
    return [InSupport(*row) for row in rows]
