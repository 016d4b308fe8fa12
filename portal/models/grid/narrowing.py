"""The filters of the Data Grid. Each returns the criterion for a text, or None when the text makes no sense."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from portal import clock
from portal.models.accounts.account import Account
from portal.models.codes.family_status import StatusChoice
from portal.models.figures.dashboard import in_running_support
from portal.models.guardians.pairing import guardian_count
from portal.models.schools.school import School
from portal.models.schools.school_class import SchoolClass
from portal.models.students.attendance import AttendanceYear, running_year
from portal.models.students.filter import HIGHEST_GRADE, LOWEST_GRADE
from portal.models.students.planning import FIELDS, FIRST_YEAR, LAST_YEAR
from portal.models.students.student import Student
from portal.models.supports.point_person import PointKind, PointPerson

#: The text that stands for a missing value: no homeroom, no point person, not known.
NONE = "none"

Criterion = ColumnElement[bool]
Filter = Callable[[str, School], Criterion | None]


def _grade(text: str, _school: School) -> Criterion | None:
    if text == NONE:
        return Student.grade.is_(None)
    is_grade = text in {str(grade) for grade in range(LOWEST_GRADE, HIGHEST_GRADE + 1)}
    return Student.grade == int(text) if is_grade else None


def _homeroom(title: str, school: School) -> Criterion:
    if title == NONE:
        return Student.homeroom_id.is_(None)
    at_school = (SchoolClass.school_id == school.id, SchoolClass.title == title)
    return Student.homeroom_id.in_(select(SchoolClass.id).where(*at_school))


def _language(text: str, _school: School) -> Criterion:
    return Student.language.is_(None) if text == NONE else Student.language == text


def _planning_field(name: str) -> Filter:
    column: Any = getattr(Student, name)

    def is_planned(text: str, _school: School) -> Criterion | None:
        if text == NONE:
            return and_(column.is_(None))
        return and_(column == text) if text in FIELDS[name].choices else None

    return is_planned


def _graduates_in(text: str, _school: School) -> Criterion | None:
    column: Any = Student.planned_graduation
    if text == NONE:
        return and_(column.is_(None))
    if not (_is_number(text) and FIRST_YEAR <= int(text) <= LAST_YEAR):
        return None
    return and_(column.between(date(int(text), 1, 1), date(int(text), 12, 31)))


def _point(kind: PointKind) -> Filter:
    def is_theirs(public_id: str, _school: School) -> Criterion:
        appointed = select(PointPerson.id).where(
            PointPerson.is_current_for(Student), PointPerson.kind == kind.value
        )
        if public_id == NONE:
            return ~appointed.exists()
        staff_id = select(Account.id).where(Account.public_id == public_id).scalar_subquery()
        return appointed.where(PointPerson.staff_id == staff_id).exists()

    return is_theirs


def _at_least(count: Any) -> Filter:
    def is_enough(text: str, school: School) -> Criterion | None:
        return _this_year(count >= int(text), school) if _is_number(text) else None

    return is_enough


def _attendance(text: str, school: School) -> Criterion | None:
    return _this_year(AttendanceYear.is_often_absent(), school) if text == "often_absent" else None


def _this_year(criterion: Criterion, school: School) -> Criterion:
    year = AttendanceYear.year == running_year(school)
    return Student.id.in_(select(AttendanceYear.student_id).where(year, criterion))


def _status(text: str, _school: School) -> Criterion | None:
    return StatusChoice(text).criterion(clock.now()) if text in set(StatusChoice) else None


def _guardians(text: str, _school: School) -> Criterion | None:
    count = guardian_count()
    return count >= int(text) if text in ("1", "2") else count == 0 if text == "0" else None


def _support(text: str, school: School) -> Criterion | None:
    taking_part = Student.id.in_(in_running_support(school))
    return {"1": taking_part, "0": ~taking_part}.get(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 5


FILTERS: Mapping[str, Filter] = {
    "grade": _grade,
    "homeroom": _homeroom,
    "language": _language,
    "diploma_type": _planning_field("diploma_type"),
    "planned_graduation": _graduates_in,
    "safety_net": _planning_field("safety_net"),
    **{f"point_{kind.value}": _point(kind) for kind in PointKind},
    "absent": _at_least(AttendanceYear.absent + AttendanceYear.excused),
    "late": _at_least(AttendanceYear.late),
    "attendance": _attendance,
    "status": _status,
    "guardians": _guardians,
    "support": _support,
}

#: The filters only for people who may see guardians, because the result tells about guardians.
ABOUT_GUARDIANS = frozenset({"status", "guardians"})
