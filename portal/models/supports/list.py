"""List the supports of a school, and the students in one support."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple, Self

from sqlalchemy import ColumnElement, Integer, Select, String, and_, bindparam, func, not_, select

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
from portal.policy.reach import Scopes, asked_by
from portal.text.names import full_name

#: The greatest number of supports, or of students in one, that a page lists.
MOST = 500


class SupportFilter(NamedTuple):
    """The filter of a list of supports: words in name or lead, a category, and either open or ended supports."""

    words: str = ""
    category: SupportCategory | None = None
    ended: bool = False

    @classmethod
    def from_query(cls, sent: Mapping[str, str]) -> Self:
        """Read it from the fields of an address. What makes no sense narrows nothing."""
        name = sent.get("category", "")
        category = SupportCategory(name) if name in set(SupportCategory) else None
        return cls(sent.get("q", "")[:100], category, ended=sent.get("state", "") == "ended")


class SupportLine(NamedTuple):
    """One support of the list. `needs_lead` is set when the lead has no access at the school any more."""

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
    """One student in a support. `public_id` is that of the SupportStudent, `student_id` that of the student.

    `is_lapsed` is set when the student's last day is over, `is_planned` when the first is yet to come.
    """

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

    @property
    def name(self) -> str:
        return full_name(self.first_name, self.family_name)


def supports_of(school: School, support_filter: SupportFilter, *, by: Account) -> list[SupportLine]:
    """Return the supports of the school that the filter finds within `by`'s reach, by name."""
    scopes, asker = asked_by(by, Permission.VIEW_STUDENT)
    category = support_filter.category
    statement = _supports(scopes, ended=support_filter.ended, of_category=category is not None)
    values = {**asker, "school_id": school.id, "category": category and category.value}
    words = fold(support_filter.words).split()
    lines = (SupportLine(*row) for row in db.session.execute(statement, values).all())
    are_meant = (line for line in lines if all(word in fold(f"{line.name} {line.lead}") for word in words))
    return list(islice(are_meant, MOST))


def members_of(support: Support, *, by: Account) -> list[Member]:
    """Return the students in the support within `by`'s reach, by name, without those who were taken out."""
    scopes, asker = asked_by(by, Permission.VIEW_STUDENT)
    rows: Any = db.session.execute(_members(scopes), {**asker, "support_id": support.id})
    return [Member(*row) for row in rows]


@lru_cache
def _supports(scopes: Scopes, *, ended: bool, of_category: bool) -> Select[Any]:
    found = _LINES.where(
        Support.school_id == bindparam("school_id", type_=Integer),
        Support.reachable_by_asker(scopes),
        Support.is_over() if ended else not_(Support.is_over()),
    )
    if of_category:
        found = found.where(Support.category == bindparam("category", type_=String))
    today = today_at(Support.school_id)
    return found.add_columns(Support.first_day > today).order_by(Support.name, Support.id)


@lru_cache
def _members(scopes: Scopes) -> Select[Any]:
    today = today_at(Support.school_id)
    is_lapsed = func.coalesce(SupportStudent.last_day < today, False)
    found = _MEMBERS.add_columns(is_lapsed, SupportStudent.first_day > today).where(
        SupportStudent.support_id == bindparam("support_id", type_=Integer),
        Student.reachable_by_asker(scopes),
    )
    return found.order_by(Student.sort_key, Student.id).limit(MOST)


def _is_in() -> ColumnElement[bool]:
    """Return the criterion that the student is in the support and enrolled at its school."""
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
