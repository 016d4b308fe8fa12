"""The homeroom and the courses of a student with their teachers, as families and staff see them."""

from typing import NamedTuple

from sqlalchemy import Select, or_, select

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
    classes: dict[int, TaughtClass] = {}
    for class_id, title, room, kind, teacher in db.session.execute(_taught_to(student)):
        before = classes.get(class_id, TaughtClass(title, room, kind, ()))
        classes[class_id] = before._replace(teachers=(*before.teachers, *filter(None, [teacher])))
    homeroom = classes.pop(student.homeroom_id or 0, None)
    return homeroom, [each for each in classes.values() if each.kind == ClassKind.COURSE]


def _taught_to(student: Student) -> Select[int, str, str | None, str, str]:
    today = clock.today(student.school.time_zone)
    in_class = select(Enrolment.class_id).where(
        Enrolment.student_id == student.id, Enrolment.is_not_over_on(today)
    )
    is_theirs = or_(SchoolClass.id.in_(in_class), SchoolClass.id == student.homeroom_id)
    teaches = (TeachingAssignment.class_id == SchoolClass.id) & TeachingAssignment.is_current()
    return (
        select(
            SchoolClass.id,
            SchoolClass.title,
            SchoolClass.room,
            SchoolClass.kind,
            Staff.name,
        )
        .outerjoin(TeachingAssignment, teaches)
        .outerjoin(Staff, Staff.id == TeachingAssignment.staff_id)
        .where(is_theirs, SchoolClass.is_current())
        .order_by(SchoolClass.title, SchoolClass.id, TeachingAssignment.is_primary.desc(), Staff.family_name)
    )
