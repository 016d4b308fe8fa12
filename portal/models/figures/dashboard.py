"""The figures of a school by group: students, guardians, attendance and supports. Two statements in all."""

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

#: The properties by which students can be grouped.
GROUPINGS = ("grade", "homeroom", *(kind.value for kind in PointKind))


class Group(NamedTuple):
    """Counts of the students who share a grade, homeroom or point person; `key` is None for those without one.

    `enabled` counts students who have a code that works or a guardian; `one` and `two` those who have at least that
    many guardians. `days`, `present` and `late` are days of all students together.
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
        """The share of known days on which students came; None where the roster sends absences only."""
        return (self.present + self.late) / self.days if self.present else None


class OfficeNumbers(NamedTuple):
    """Counts that do not depend on students: supports, and staff who may sign in."""

    supports: int
    staff: int
    without_second_factor: int


def groups_of(school: School, grouping: str) -> list[Group]:
    """Count the students of `school` by grade, homeroom or point person, each in one group. One statement."""
    pupils = _pupils(school, grouping).subquery()
    key, label, order, *measures = pupils.c
    summed = (func.coalesce(func.sum(measure), 0) for measure in measures)
    is_last = case((key.is_(None), 1), else_=0)
    by_group = select(key, label, func.count(), *summed).group_by(key, label)
    rows = db.session.execute(by_group.order_by(is_last, func.min(order), label))
    return [Group(*row) for row in rows]


def all_of(groups: list[Group]) -> Group:
    """Return the sums of `groups`, which are those of the whole school."""
    sums: Any = (sum(measure) for measure in zip(*(group[2:] for group in groups), strict=True))
    return Group(None, None, *sums) if groups else Group(None, None, *([0] * 9))


def duties_at(school: School) -> OfficeNumbers:
    """Count the running supports, the staff, and the staff without a second factor. One statement."""
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
    """Select a row for each student, with ones and zeros to be summed."""
    connected = guardian_count()
    columns = (
        _one(is_enabled(has_working_code(clock.now()), connected)).label("enabled"),
        _one(connected > 0).label("one"),
        _one(connected > 1).label("two"),
        AttendanceYear.days,
        AttendanceYear.present,
        AttendanceYear.late,
        _one(AttendanceYear.is_often_absent()).label("chronic"),
        _one(Student.id.in_(in_running_support(school.id))).label("supported"),
    )
    running = running_year(school.id, clock.today(school.time_zone))
    year = and_(AttendanceYear.student_id == Student.id, AttendanceYear.year == running)
    rows = _join_group_tables(select(*_key(grouping), *columns).select_from(Student), grouping)
    return rows.outerjoin(AttendanceYear, year).where(Student.school_id == school.id, Student.is_enrolled())


def _key(grouping: str) -> tuple[ColumnElement[Any], ...]:
    """Return the columns that identify, name and order the groups."""
    if grouping == "grade":
        columns: Any = (Student.grade, literal(""), Student.grade)
    elif grouping == "homeroom":
        columns = (SchoolClass.title, SchoolClass.title, Student.grade)
    else:
        columns = (Staff.public_id, Staff.name, Staff.family_name)
    return tuple(column.label(name) for column, name in zip(columns, ("key", "label", "place"), strict=True))


def _join_group_tables(rows: Select[Any], grouping: str) -> Select[Any]:
    """Return `rows` joined with the tables that the columns of `_key` come from."""
    if grouping == "grade":
        return rows
    if grouping == "homeroom":
        return rows.outerjoin(Student.homeroom)
    appointed = and_(PointPerson.is_current_for(Student), PointPerson.kind == grouping)
    return rows.outerjoin(PointPerson, appointed).outerjoin(Staff, Staff.id == PointPerson.staff_id)


def in_running_support(school_id: Any) -> Select[int]:
    """Select the ids of the students who take part in a support of that school today. The id may be a parameter."""
    running = and_(Support.school_id == school_id, Support.is_in_force_at(Support.school_id))
    takes_part = SupportStudent.is_in_force_at(Support.school_id)
    rows = select(SupportStudent.student_id).join(Support, Support.id == SupportStudent.support_id)
    return rows.where(running, takes_part)


def _one(criterion: ColumnElement[bool]) -> ColumnElement[int]:
    return case((criterion, 1), else_=0)
