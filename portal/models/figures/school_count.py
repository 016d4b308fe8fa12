"""Count schools for the networks they belong to, in a few statements for any number of schools."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
)

from portal import clock
from portal.db import db
from portal.models.accounts.account import Account
from portal.models.codes.family_status import has_working_code, is_enabled
from portal.models.figures.school_totals import (
    LAST_GRADES,
    GradeBand,
    SchoolChange,
    SchoolCount,
    SchoolTotals,
)
from portal.models.guardians.pairing import guardian_count
from portal.models.schools.school import School, SchoolYear
from portal.models.students.attendance import AttendanceYear
from portal.models.students.student import Student
from portal.models.supports.date_range import today_at
from portal.models.supports.point_person import PointPerson
from portal.models.supports.support import Support
from portal.models.users.membership import Membership
from portal.models.users.membership_count import StaffCount, staff_by_level

#: How many schools are counted in one transaction. On SQLite, nobody else can write while it lasts.
AT_ONCE = 50


def outdated() -> list[int]:
    """Return the ids of schools whose totals may have changed since they were counted."""
    return list(db.session.scalars(select(School.id).where(is_outdated(School.id))))


def is_outdated(school_id: Any) -> ColumnElement[bool]:
    """Select whether the school with that id has changed, or a day has ended there, since it was counted."""
    is_fresh = exists().where(SchoolCount.school_id == school_id, SchoolCount.fresh_until > clock.now())
    return or_(~is_fresh, has_changed(school_id))


def has_changed(school_id: Any) -> ColumnElement[bool]:
    """Select whether anything that is counted has changed at the school with that id since the count."""
    return exists().where(SchoolChange.school_id == school_id)


def count_again(school_ids: Sequence[int]) -> None:
    """Bring the stored totals of these schools up to date, in the open transaction.

    A change that is made meanwhile leaves a SchoolChange of its own, and is counted the next time.
    """
    for table in (SchoolChange, SchoolTotals, SchoolCount):
        db.session.execute(delete(table).where(table.school_id.in_(school_ids)), execution_options=_AS_IT_IS)
    db.session.execute(delete(StaffCount).where(StaffCount.c.school_id.in_(school_ids)))
    db.session.execute(
        insert(SchoolTotals).from_select(_TOTALS, students_counted(Student.school_id.in_(school_ids)))
    )
    db.session.execute(insert(StaffCount).from_select([*StaffCount.c.keys()], staff_counted(school_ids)))
    rows = db.session.execute(supports_counted(school_ids)).all()
    if rows:
        db.session.execute(insert(SchoolCount), [_count_of(*row) for row in rows])


def students_counted(concerned: ColumnElement[bool]) -> CompoundSelect[*tuple[Any, ...]]:
    """Select the columns of SchoolTotals, counted from the students that the criterion finds.

    There is a row for each school and band that has students, and one for the school as a whole.
    """
    each = _each_student(concerned).cte("each_student")
    whole = select(each.c.school_id, literal(GradeBand.ALL.value), *_sums(each)).group_by(each.c.school_id)
    banded = select(each.c.school_id, each.c.band, *_sums(each))
    return whole.union_all(banded.group_by(each.c.school_id, each.c.band))


def staff_counted(school_ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    """Select the columns of StaffCount, counted from the memberships."""
    return (
        select(Membership.school_id, *staff_by_level().values())
        .join(Account, Account.id == Membership.staff_id)
        .where(Membership.school_id.in_(school_ids), ~Account.is_closed())
        .group_by(Membership.school_id)
    )


def supports_counted(school_ids: Sequence[int]) -> Select[int, str, int]:
    """Select the id, the time zone and the number of running supports of each of these schools."""
    running = and_(Support.school_id == School.id, Support.is_in_force_at(School.id))
    return (
        select(School.id, School.time_zone, func.count(Support.id))
        .outerjoin(Support, running)
        .where(School.id.in_(school_ids))
        .group_by(School.id, School.time_zone)
    )


def _each_student(concerned: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Select one row for each enrolled student."""
    point_person = select(PointPerson.id).where(PointPerson.is_current_for(Student))
    return (
        select(
            Student.school_id,
            _BAND.label("band"),
            guardian_count().label("guardians"),
            has_working_code(clock.now()).label("has_code"),
            point_person.correlate(Student).exists().label("has_point_person"),
            AttendanceYear.present.label("days_present"),
            AttendanceYear.days.label("days_known"),
            (AttendanceYear.absent + AttendanceYear.excused).label("days_absent"),
        )
        .outerjoin(AttendanceYear, _IS_OF_THIS_YEAR)
        .where(concerned, Student.is_enrolled())
    )


def _sums(each: CTE) -> Iterator[ColumnElement[int]]:
    """Yield the columns of _TOTALS behind the band, in their order."""
    has_guardian = each.c.guardians > 0
    yield func.count()
    for claim in (
        is_enabled(each.c.has_code, each.c.guardians),
        has_guardian,
        each.c.guardians > 1,
        ~each.c.has_point_person,
    ):
        yield func.sum(case((claim, 1), else_=0))
    yield func.count(each.c.days_known)
    # Without days present, the roster sends absences only, and no rate is shown; see dashboard.Group.attended.
    tells_a_rate = func.sum(each.c.days_present) > 0
    yield case((tells_a_rate, func.sum(each.c.days_known)), else_=0)
    yield case((tells_a_rate, func.sum(each.c.days_absent)), else_=0)


def _count_of(school_id: int, zone: str, supports_running: int) -> dict[str, Any]:
    return {
        "school_id": school_id,
        "counted_at": clock.now(),
        "fresh_until": clock.end_of(clock.today(zone), zone),
        "supports_running": supports_running,
    }


_AS_IT_IS = {"synchronize_session": False}
_TOTALS = [
    "school_id", "band", "enrolled", "enabled", "with_one", "with_two", "without_point_person",
    "students_known", "days_known", "days_absent",
]  # fmt: skip

_BEGAN_LAST = select(func.max(SchoolYear.year)).where(
    SchoolYear.school_id == Student.school_id, SchoolYear.first_day <= today_at(SchoolYear.school_id)
)
_IS_OF_THIS_YEAR = and_(
    AttendanceYear.student_id == Student.id,
    AttendanceYear.year == _BEGAN_LAST.correlate(Student).scalar_subquery(),
)

_BAND = case(
    *((Student.grade <= last, band.value) for band, last in LAST_GRADES.items()),
    (Student.grade.is_not(None), GradeBand.HIGH.value),
    else_=GradeBand.UNGRADED.value,
)
