"""The filters of the Data Grid: which texts make sense to each, and the criteria on Student that they stand for."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, String, and_, bindparam, extract, select

from portal.models.accounts.account import Account
from portal.models.codes.family_status import StatusChoice
from portal.models.figures.dashboard import in_running_support
from portal.models.grid.column import HERE, NOW, RUNNING_YEAR
from portal.models.guardians.pairing import guardian_count
from portal.models.schools.school_class import ClassKind
from portal.models.students.attendance import AttendanceYear
from portal.models.students.filter import HIGHEST_GRADE, LOWEST_GRADE, titled
from portal.models.students.planning import FIELDS, FIRST_YEAR, LAST_YEAR
from portal.models.students.student import Student
from portal.models.supports.point_person import PointKind, PointPerson

#: The text that stands for a missing value: no homeroom, no point person, not known.
NONE = "none"

Criterion = ColumnElement[bool]


class GridCriteria(NamedTuple):
    """The criteria of one filter: by text, and for other texts `typed`, over the parameter that `typed_value` names.

    `read` returns the value of such a text, or None when it makes no sense.
    """

    by_text: Mapping[str, Criterion]
    typed: Criterion | None = None
    read: Callable[[str], Any] = lambda _text: None

    def value_of(self, text: str) -> tuple[str, Any] | None:
        """Return which criterion the text stands for, "" for `typed`, and its value; None when it makes no sense."""
        if text in self.by_text:
            return text, None
        value = self.read(text)
        return None if value is None else ("", value)

    def criterion(self, which: str) -> Criterion:
        """Return the criterion that `value_of` named."""
        if not which and self.typed is not None:
            return self.typed
        return self.by_text[which]


def typed_value(name: str) -> str:
    """Return the name of the parameter for the value of that filter."""
    return f"asked_{name}"


def _text(name: str) -> Any:
    return bindparam(typed_value(name), type_=String)


def _number(name: str) -> Any:
    return bindparam(typed_value(name), type_=Integer)


def _planning_field(name: str) -> GridCriteria:
    column: Any = getattr(Student, name)
    texts = {text: and_(column == text) for text in FIELDS[name].choices}
    return GridCriteria({NONE: and_(column.is_(None)), **texts})


def _point(kind: PointKind) -> GridCriteria:
    appointed = select(PointPerson.id).where(
        PointPerson.is_current_for(Student), PointPerson.kind == kind.value
    )
    staff_id = select(Account.id).where(Account.public_id == _text(f"point_{kind.value}")).scalar_subquery()
    is_theirs = appointed.where(PointPerson.staff_id == staff_id).exists()
    return GridCriteria({NONE: ~appointed.exists()}, is_theirs, str)


def _at_least(name: str, count: Any) -> GridCriteria:
    return GridCriteria({}, _this_year(count >= _number(name)), _whole_number)


def _this_year(criterion: Criterion) -> Criterion:
    year = AttendanceYear.year == RUNNING_YEAR
    return Student.id.in_(select(AttendanceYear.student_id).where(year, criterion))


def _whole_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else None


def _grade(text: str) -> int | None:
    return int(text) if text in {str(grade) for grade in range(LOWEST_GRADE, HIGHEST_GRADE + 1)} else None


def _year(text: str) -> int | None:
    year = _whole_number(text)
    return year if year is not None and FIRST_YEAR <= year <= LAST_YEAR else None


_graduates: Any = Student.planned_graduation
_in_support = Student.id.in_(in_running_support(HERE))

FILTERS: Mapping[str, GridCriteria] = {
    "grade": GridCriteria({NONE: Student.grade.is_(None)}, Student.grade == _number("grade"), _grade),
    "homeroom": GridCriteria(
        {NONE: Student.homeroom_id.is_(None)},
        Student.homeroom_id.in_(titled(ClassKind.HOMEROOM, school_id=HERE)),
        str,
    ),
    "language": GridCriteria({NONE: Student.language.is_(None)}, Student.language == _text("language"), str),
    "diploma_type": _planning_field("diploma_type"),
    "planned_graduation": GridCriteria(
        {NONE: and_(_graduates.is_(None))},
        extract("year", _graduates) == _number("planned_graduation"),
        _year,
    ),
    "safety_net": _planning_field("safety_net"),
    **{f"point_{kind.value}": _point(kind) for kind in PointKind},
    "absent": _at_least("absent", AttendanceYear.absent + AttendanceYear.excused),
    "late": _at_least("late", AttendanceYear.late),
    "attendance": GridCriteria({"often_absent": _this_year(AttendanceYear.is_often_absent())}),
    "status": GridCriteria({choice.value: choice.criterion(NOW) for choice in StatusChoice}),
    "guardians": GridCriteria(
        {"0": guardian_count() == 0, "1": guardian_count() >= 1, "2": guardian_count() >= 2}
    ),
    "support": GridCriteria({"1": _in_support, "0": ~_in_support}),
}

#: The filters only for people who may see guardians, because the result tells about guardians.
ABOUT_GUARDIANS = frozenset({"status", "guardians"})
