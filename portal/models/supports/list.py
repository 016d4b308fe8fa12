"""The supports of a school as staff look through them, and the students of one: columns only."""

from datetime import date, datetime
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, not_, select

from portal.db import db
from portal.models.accounts.account import Account, Staff
from portal.models.rows import fold
from portal.models.schools.school import School
from portal.models.schools.school_class import SchoolClass
from portal.models.students.student import Student
from portal.models.supports.date_range import today_at
from portal.models.supports.support import Support, SupportCategory
from portal.models.supports.support_student import SupportStudent
from portal.models.users.eligible import has_permission
from portal.policy.permissions import Permission

#: More supports, or students in one, than fit on a page in any school we know of.
MOST = 500


class SupportFilter(NamedTuple):
    """What one looks for. Supports that have ended are looked for apart."""

    words: str = ""
    category: SupportCategory | None = None
    ended: bool = False


class SupportLine(NamedTuple):
    """One support. `needs_lead`: whoever leads it has no access at the school any more."""

    public_id: str
    name: str
    category: str
    first_day: date
    last_day: date | None
    ended_at: datetime | None
    lead: str
    lead_title: str | None
    needs_lead: bool
    students: int
    is_planned: bool


class Member(NamedTuple):
    """One student in a support."""

    public_id: str
    student_id: str
    first_name: str
    family_name: str
    grade: int | None
    homeroom: str | None
    first_day: date
    last_day: date | None
    is_lapsed: bool
    is_planned: bool


def supports_of(school: School, support_filter: SupportFilter, *, by: Account) -> list[SupportLine]:
    """Those of the school within `by`'s reach, by name. One statement."""
    found = _LINES.where(
        Support.school_id == school.id,
        Support.reachable(by, Permission.VIEW_STUDENT),
        Support.is_over() if support_filter.ended else not_(Support.is_over()),
        *([Support.category == support_filter.category.value] if support_filter.category else []),
    )
    today = today_at(Support.school_id)
    listed = found.add_columns(Support.first_day > today).order_by(Support.name, Support.id)
    words = fold(support_filter.words).split()
    lines = (SupportLine(*row) for row in db.session.execute(listed).all())
    are_meant = (line for line in lines if all(word in fold(f"{line.name} {line.lead}") for word in words))
    return list(islice(are_meant, MOST))


def members_of(support: Support, *, by: Account) -> list[Member]:
    """The students in it whom `by` sees, by name; former members and students out of reach are left out."""
    today = today_at(Support.school_id)
    is_lapsed = func.coalesce(SupportStudent.last_day < today, False)
    found = _MEMBERS.add_columns(is_lapsed, SupportStudent.first_day > today).where(
        SupportStudent.support_id == support.id, Student.reachable(by, Permission.VIEW_STUDENT)
    )
    rows: Any = db.session.execute(found.order_by(Student.sort_key, Student.id).limit(MOST))
    return [Member(*row) for row in rows]


def _is_in() -> ColumnElement[bool]:
    is_at_school = and_(Student.school_id == Support.school_id, Student.is_enrolled())
    return and_(SupportStudent.is_open(), is_at_school)


_STUDENTS = (
    select(func.count())
    .select_from(SupportStudent)
    .join(Student, Student.id == SupportStudent.student_id)
    .where(SupportStudent.support_id == Support.id, _is_in())
    .correlate(Support)
    .scalar_subquery()
)

_LINES = select(
    Support.public_id,
    Support.name,
    Support.category,
    Support.first_day,
    Support.last_day,
    Support.ended_at,
    Staff.name.label("lead"),
    Staff.title,
    not_(has_permission(Staff.id, Support.school_id, Permission.LEAD_SUPPORT)),
    _STUDENTS,
).join(Staff, Staff.id == Support.lead_id)


_MEMBERS = (
    select(
        SupportStudent.public_id,
        Student.public_id,
        Student.first_name,
        Student.family_name,
        Student.grade,
        SchoolClass.title,
        SupportStudent.first_day,
        SupportStudent.last_day,
    )
    .select_from(SupportStudent)
    .join(Support, Support.id == SupportStudent.support_id)
    .join(Student, Student.id == SupportStudent.student_id)
    .outerjoin(Student.homeroom)
    .where(_is_in())
)
