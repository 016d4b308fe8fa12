"""A school in figures, group by group: students, their guardians, attendance, supports. Two statements in all."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select

from portal import clock
from portal.db import db
from portal.models.accounts.account import Staff
from portal.models.codes.family_status import has_working_code, is_enabled
from portal.models.guardians.pairing import guardian_count
from portal.models.schools.school import School
from portal.models.schools.school_class import SchoolClass
from portal.models.students.attendance import AttendanceYear, running_year
from portal.models.students.student import Student
from portal.models.supports.point_person import PointKind, PointPerson
from portal.models.supports.support import Support
from portal.models.supports.support_student import SupportStudent
from portal.models.users.membership import Membership
from portal.policy.permissions import Permission

#: By what students can be put together.
GROUPINGS = ("grade", "homeroom", *(kind.value for kind in PointKind))


class Group(NamedTuple):
    """Students who share a grade, a homeroom or a point person; `key` is none for those who have none.

    `enabled`: a code works now, or somebody is connected; `one` and `two`: at least so many guardians are.
    """

    key: Any
    label: str | None
    students: int
    enabled: int
    one: int
    two: int
    days: int
    present: int
    late: int
    chronic: int
    supported: int

    @property
    def attended(self) -> float | None:
        """The share of known days on which students came; none where only absences are sent."""
        return (self.present + self.late) / self.days if self.present else None


class OfficeNumbers(NamedTuple):
    """What else an office keeps an eye on. `staff` are those who may sign in."""

    supports: int
    staff: int
    without_second_factor: int


def groups_of(school: School, grouping: str) -> list[Group]:
    """The students of `school`, by grade, homeroom or point person; each in one group. One statement."""
    pupils = _pupils(school, grouping).subquery()
    key, label, order, *measures = pupils.c
    summed = (func.coalesce(func.sum(measure), 0) for measure in measures)
    is_last = case((key.is_(None), 1), else_=0)
    by_group = select(key, label, func.count(), *summed).group_by(key, label)
    rows = db.session.execute(by_group.order_by(is_last, func.min(order), label))
    return [Group(*row) for row in rows]


def all_of(groups: list[Group]) -> Group:
    """The whole school."""
    sums: Any = (sum(measure) for measure in zip(*(group[2:] for group in groups), strict=True))
    return Group(None, None, *sums) if groups else Group(None, None, *([0] * 9))


def duties_at(school: School) -> OfficeNumbers:
    """Supports that are running, and staff without a second factor. One statement."""
    works_here = and_(
        Membership.staff_id == Staff.id,
        Membership.school_id == school.id,
        Membership.grants(Permission.SIGN_IN),
        ~Staff.is_closed(),
    )
    staff = select(func.count()).select_from(Staff).where(works_here)
    running = select(func.count()).where(
        Support.school_id == school.id, Support.is_in_force_at(Support.school_id)
    )
    counts = (running, staff, staff.where(Staff.totp_sealed.is_(None)))
    return OfficeNumbers(*db.session.execute(select(*(count.scalar_subquery() for count in counts))).one())


def _pupils(school: School, grouping: str) -> Select[Any]:
    """A row for each student, with ones and zeros to be summed."""
    connected = guardian_count()
    columns = (
        _one(is_enabled(has_working_code(clock.now()), connected)).label("enabled"),
        _one(connected > 0).label("one"),
        _one(connected > 1).label("two"),
        AttendanceYear.days,
        AttendanceYear.present,
        AttendanceYear.late,
        _one(AttendanceYear.is_often_absent()).label("chronic"),
        _one(Student.id.in_(in_running_support(school))).label("supported"),
    )
    year = and_(AttendanceYear.student_id == Student.id, AttendanceYear.year == running_year(school))
    rows = _grouped(select(*_key(grouping), *columns).select_from(Student), grouping)
    return rows.outerjoin(AttendanceYear, year).where(Student.school_id == school.id, Student.is_enrolled())


def _key(grouping: str) -> tuple[ColumnElement[Any], ...]:
    """What tells groups apart, what they are called, and by what they are ordered."""
    if grouping == "grade":
        columns: Any = (Student.grade, literal(""), Student.grade)
    elif grouping == "homeroom":
        columns = (SchoolClass.title, SchoolClass.title, Student.grade)
    else:
        columns = (Staff.public_id, Staff.name, Staff.family_name)
    return tuple(column.label(name) for column, name in zip(columns, ("key", "label", "place"), strict=True))


def _grouped(rows: Select[Any], grouping: str) -> Select[Any]:
    if grouping == "grade":
        return rows
    if grouping == "homeroom":
        return rows.outerjoin(Student.homeroom)
    appointed = and_(PointPerson.is_current_for(Student), PointPerson.kind == grouping)
    return rows.outerjoin(PointPerson, appointed).outerjoin(Staff, Staff.id == PointPerson.staff_id)


def in_running_support(school: School) -> Select[int]:
    """The ids of the students who take part in a support of that school today."""
    running = and_(Support.school_id == school.id, Support.is_in_force_at(Support.school_id))
    takes_part = SupportStudent.is_in_force_at(Support.school_id)
    rows = select(SupportStudent.student_id).join(Support, Support.id == SupportStudent.support_id)
    return rows.where(running, takes_part)


def _one(criterion: ColumnElement[bool]) -> ColumnElement[int]:
    return case((criterion, 1), else_=0)
