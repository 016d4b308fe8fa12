"""Somebody's students of one subject, to be handed over to somebody else."""

from sqlalchemy import ColumnElement, and_, select

from portal.db import db
from portal.models.accounts.account import Staff
from portal.models.schools.school import School
from portal.models.students.student import Student
from portal.models.supports.point_person import PointKind, PointPerson


def point_person_at(school: School, public_id: str, kind: PointKind) -> Staff | None:
    """The account of that id, if it is point person for that subject at this school."""
    live = select(PointPerson.staff_id).where(
        PointPerson.school_id == school.id, PointPerson.kind == kind.value, PointPerson.is_current()
    )
    return db.session.scalar(select(Staff).where(Staff.public_id == public_id, Staff.id.in_(live)))


def pointed_at_by(staff: Staff, school: School, kind: PointKind) -> ColumnElement[bool]:
    """The criterion for the students of that school whose point person it is."""
    own = select(PointPerson.student_id).where(
        PointPerson.school_id == school.id,
        PointPerson.staff_id == staff.id,
        PointPerson.kind == kind.value,
        PointPerson.is_current(),
    )
    return and_(Student.school_id == school.id, Student.id.in_(own))
