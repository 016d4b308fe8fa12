"""The homeroom and the courses of a student with their teachers, as families and staff see them."""

from typing import NamedTuple

from sqlalchemy import Date, Integer, bindparam, or_, select

from portal import clock
from portal.db import db
from portal.models.accounts.account import Staff
from portal.models.schools.school_class import ClassKind, Enrolment, SchoolClass, TeachingAssignment
from portal.models.students.student import Student


class TaughtClass(NamedTuple):
    """One class with the names of its teachers, the primary one first."""

    title: str
    room: str | None
    kind: str
    teachers: tuple[str, ...]


def homeroom_and_courses(student: Student) -> tuple[TaughtClass | None, list[TaughtClass]]:
    """Return the student's homeroom, or None, and the courses by title, as of today at the school."""
    today = clock.today(student.school.time_zone)
    asked = {"student_id": student.id, "homeroom_id": student.homeroom_id, "today": today}
    classes: dict[int, TaughtClass] = {}
    for class_id, title, room, kind, teacher in db.session.connection().execute(_TAUGHT, asked):
        before = classes.get(class_id, TaughtClass(title, room, kind, ()))
        classes[class_id] = before._replace(teachers=(*before.teachers, *filter(None, [teacher])))
    homeroom = classes.pop(student.homeroom_id or 0, None)
    return homeroom, [each for each in classes.values() if each.kind == ClassKind.COURSE]


_IN_CLASS = select(Enrolment.class_id).where(
    Enrolment.student_id == bindparam("student_id", type_=Integer),
    Enrolment.is_not_over_on(bindparam("today", type_=Date)),
)
_IS_THEIRS = or_(SchoolClass.id.in_(_IN_CLASS), SchoolClass.id == bindparam("homeroom_id", type_=Integer))
_TEACHES = (TeachingAssignment.class_id == SchoolClass.id) & TeachingAssignment.is_current()
_TAUGHT = (
    select(SchoolClass.id, SchoolClass.title, SchoolClass.room, SchoolClass.kind, Staff.name)
    .outerjoin(TeachingAssignment, _TEACHES)
    .outerjoin(Staff, Staff.id == TeachingAssignment.staff_id)
    .where(_IS_THEIRS, SchoolClass.is_current())
    .order_by(SchoolClass.title, SchoolClass.id, TeachingAssignment.is_primary.desc(), Staff.family_name)
)
