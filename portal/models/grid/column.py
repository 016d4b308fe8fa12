"""The columns of the Data Grid: the SQL of what each shows of a student, and the text of a value."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, and_, bindparam, case, func, literal, update
from sqlalchemy.orm import aliased
from sqlalchemy.sql import ColumnElement

from portal.db import UtcDateTime, db
from portal.models.accounts.account import Account, Staff
from portal.models.codes.family_status import CODE_JOINS, RANKED, status_rank
from portal.models.guardians.pairing import guardian_count
from portal.models.schools.school import School
from portal.models.schools.school_class import SchoolClass
from portal.models.students.attendance import AttendanceYear, running_year
from portal.models.students.planning import FIELDS
from portal.models.students.student import Student
from portal.models.supports.point_person import PointKind, PointPerson
from portal.text.language import language_name
from portal.text.language import lazy_gettext as _

#: A table to be joined, and the criterion of the join.
Join = tuple[Any, ColumnElement[bool]]


class Column(NamedTuple):
    """A column. `value` is shown, `order` is sorted by and never NULL, and `words` returns a value as text."""

    name: str
    label: Any
    value: Any
    order: Any
    group: str
    joins: tuple[str, ...] = ()
    words: Callable[[Any], str] = str
    is_number: bool = False
    #: Returns a value as text for a spreadsheet, where that differs from `words`.
    cell: Callable[[Any], str] | None = None

    @property
    def is_about_guardians(self) -> bool:
        return self.group == "guardians"


#: The groups under which the columns are listed where people choose them.
GROUPS = {
    "roster": _("From the roster"),
    "planning": _("Planning"),
    "point": _("Point people"),
    "attendance": _("Attendance this year"),
    "guardians": _("Guardian access"),
}

#: The columns shown to somebody who has not chosen any.
FIRST_CHOICE = ("number", "grade", "homeroom", "absent", "point_attendance", "status")

#: The parameters of every statement of the grid: the school, the moment, and the day at the school.
HERE: Any = bindparam("school_id", type_=Integer)
NOW: Any = bindparam("now", type_=UtcDateTime())
TODAY: Any = bindparam("today", type_=Date)

RUNNING_YEAR = running_year(HERE, TODAY)

JOINS: dict[str, Join] = {
    **CODE_JOINS,
    "homeroom": (SchoolClass, SchoolClass.id == Student.homeroom_id),
    "school": (School, School.id == Student.school_id),
    "attendance": (
        AttendanceYear,
        and_(AttendanceYear.student_id == Student.id, AttendanceYear.year == RUNNING_YEAR),
    ),
}


def _text(name: str, label: Any, value: Any, group: str = "roster", **more: Any) -> Column:
    return Column(name, label, value, func.coalesce(value, ""), group, **more)


def _number(name: str, label: Any, value: Any, group: str, **more: Any) -> Column:
    return Column(name, label, value, func.coalesce(value, -2), group, is_number=True, **more)


def _planning(name: str) -> Column:
    field = FIELDS[name]
    value = getattr(Student, name)
    if field.choices:
        return _text(
            name, field.label, value, "planning", words=lambda each: str(field.choices.get(each, each))
        )
    order = func.coalesce(value, literal(date.min))
    return Column(name, field.label, value, order, "planning", words=_day, cell=date.isoformat)


def _grade(value: int) -> str:
    return {-1: "PK", 0: "K"}.get(value, str(value))


def _day(value: date) -> str:
    return f"{value:%b} {value.day}, {value.year}"


_POINT_LABELS = {
    PointKind.ATTENDANCE: _("Attendance point person"),
    PointKind.ACADEMIC: _("Academic point person"),
    PointKind.REGENTS: _("Regents point person"),
    PointKind.CREDITS: _("Credits point person"),
    PointKind.POSTSECONDARY: _("Postsecondary point person"),
}


def _point(kind: PointKind) -> Column:
    name = f"point_{kind.value}"
    who = aliased(PointPerson)
    person = aliased(Account)
    JOINS[name] = (who, and_(who.is_current_for(Student), who.kind == kind.value))
    JOINS[f"{name}_name"] = (person, person.id == who.staff_id)
    order = func.coalesce(person.family_name + " " + person.given_name, "")
    return Column(name, _POINT_LABELS[kind], person.name, order, "point", joins=(name, f"{name}_name"))


def _if_known(value: Any) -> ColumnElement[Any]:
    """Return `value` for students with any attendance this year, and NULL for others."""
    return case((AttendanceYear.days > 0, value))


_missed = AttendanceYear.absent + AttendanceYear.excused
_rate = case(
    (AttendanceYear.present > 0, (AttendanceYear.present + AttendanceYear.late) * 1000 // AttendanceYear.days)
)
_status = status_rank(NOW)
_ATTENDANCE: dict[str, Any] = {"group": "attendance", "joins": ("attendance",)}

COLUMNS: Mapping[str, Column] = {
    column.name: column
    for column in (
        _text("number", _("Number"), Student.student_number),
        _number("grade", _("Grade"), Student.grade, "roster", words=_grade),
        _text("homeroom", _("Homeroom"), SchoolClass.title, joins=("homeroom",)),
        _text("language", _("Language"), Student.language, words=language_name),
        _text("school", _("School"), School.name, joins=("school",)),
        *(_planning(name) for name in FIELDS),
        *(_point(kind) for kind in PointKind),
        _number("absent", _("Days absent"), _if_known(_missed), **_ATTENDANCE),
        _number("late", _("Days late"), _if_known(AttendanceYear.late), **_ATTENDANCE),
        _number("attendance", _("Attendance rate"), _rate, words=lambda each: f"{each / 10:.1f}%", **_ATTENDANCE),
        Column("status", _("Parent/guardian login"), _status, _status, "guardians", tuple(CODE_JOINS),
               words=lambda rank: RANKED[rank].label),
        _number("guardians", _("Guardians"), guardian_count(), "guardians"),
    )
}  # fmt: skip


def columns_for(*, sees_guardians: bool) -> dict[str, Column]:
    """Return the columns that a person may choose and sort by."""
    return {name: each for name, each in COLUMNS.items() if sees_guardians or not each.is_about_guardians}


def chosen_columns(account: Account, *, sees_guardians: bool) -> tuple[str, ...]:
    """Return the columns that a person has chosen, by name, in the order in which they are shown."""
    chosen = getattr(account, "grid_columns", None)
    wanted = set(FIRST_CHOICE if chosen is None else chosen)
    return tuple(name for name in columns_for(sees_guardians=sees_guardians) if name in wanted)


def choose_columns(account: Account, names: Iterable[str]) -> None:
    """Show these columns to this person from now on; names that are no columns are ignored."""
    wanted = set(names)
    chosen = [name for name in COLUMNS if name in wanted]
    db.session.execute(update(Staff).where(Staff.id == account.id).values(grid_columns=chosen))


NAME = Column("name", _("Name"), None, Student.sort_key, "roster")
