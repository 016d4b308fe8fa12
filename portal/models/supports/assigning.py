"""Assign point people to students, one or many at once (rule B10)."""

from sqlalchemy import Row, Select, and_, insert, select, update
from sqlalchemy.sql import ColumnElement

from portal import clock
from portal.db import Refused, db
from portal.models.accounts.account import Account, Staff
from portal.models.event import Event, EventKind
from portal.models.rows import Done
from portal.models.students.student import Student
from portal.models.supports.point_person import PointKind, PointPerson
from portal.models.users.eligible import colleagues, is_colleague
from portal.policy.permissions import Permission
from portal.text.language import gettext as _


def assignable(school_id: int) -> Select[Staff]:
    """Select the staff who may be point person at that school, by name: those who may edit students there."""
    return colleagues(school_id, Permission.BE_POINT_PERSON)


def assign_point_person(
    students: ColumnElement[bool], kind: PointKind, staff: Staff | None, *, by: Account
) -> Done:
    """Make `staff` the point person of these students for that subject, in place of the former one; None for nobody.

    `students` is a criterion on Student that is within `by`'s reach already; students who left are left out. Returns
    how many have a new point person and how many had this one already. The number of statements does not depend on
    the number of students. Raises Refused when `staff` may not edit students at one of their schools.
    """
    Student.lock_all(students)
    found = db.session.execute(_current(students, kind)).all()
    _check(staff, {row.school_id for row in found})
    staff_id = staff.id if staff else None
    changed = [row for row in found if not _is_assigned(row, staff_id)]
    _end([row.row_id for row in changed if row.row_id], by)
    if staff:
        _begin(changed, kind, staff, by)
    _record(changed, kind, staff_id, by)
    return Done(len(changed), len(found) - len(changed))


def _current(students: ColumnElement[bool], kind: PointKind) -> Select[int, int, int, int, int]:
    """Select each student with the current point person, if any.

    It is executed after the students are locked, so that of two who assign at once the second sees the first one's.
    """
    is_live = and_(
        PointPerson.student_id == Student.id, PointPerson.kind == kind.value, PointPerson.is_current()
    )
    return (
        select(
            Student.id,
            Student.school_id,
            PointPerson.id.label("row_id"),
            PointPerson.staff_id,
            PointPerson.school_id.label("at_school"),
        )
        .outerjoin(PointPerson, is_live)
        .where(students, Student.is_enrolled())
        .order_by(Student.id)
    )


def _is_assigned(row: Row[int, int, int, int, int], staff_id: int | None) -> bool:
    """Whether that person is point person already; one assigned at a former school does not count."""
    return bool(row.staff_id == staff_id and row.at_school in (None, row.school_id))


def _check(staff: Staff | None, school_ids: set[int]) -> None:
    if staff and not all(is_colleague(staff, each, Permission.BE_POINT_PERSON) for each in school_ids):
        raise Refused(
            _("%(name)s cannot edit students here, so they cannot be point person.", name=staff.name)
        )


def _end(row_ids: list[int], by: Account) -> None:
    ending = {"ended_at": clock.now(), "ended_by_id": by.id}
    if row_ids:
        db.session.execute(update(PointPerson), [{"id": each} | ending for each in row_ids])


def _begin(rows: list[Row[int, int, int, int, int]], kind: PointKind, staff: Staff, by: Account) -> None:
    common = {"kind": kind.value, "staff_id": staff.id, "appointed_at": clock.now(), "appointed_by_id": by.id}
    if rows:
        new = [{"student_id": row.id, "school_id": row.school_id} | common for row in rows]
        db.session.execute(insert(PointPerson), new)


def _record(
    rows: list[Row[int, int, int, int, int]], kind: PointKind, staff_id: int | None, by: Account
) -> None:
    Event.record_all(
        EventKind.POINT_PERSON_APPOINTED,
        (
            {"student_id": row.id, "about_id": staff_id, "kind": kind.value, "before": row.staff_id}
            for row in rows
        ),
        by=by,
    )
