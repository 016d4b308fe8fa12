"""Whose caseload a student is on, and why: the classes one teaches, the supports one leads, being point person.

Each reason is one query; the caseload is their union. Whatever ends a reason ends it here, at once: nothing is kept
beside the rows themselves. Who left the school is on nobody's caseload.
"""

from collections.abc import Set
from enum import StrEnum
from typing import Any

from sqlalchemy import CompoundSelect, Select, and_, literal, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql import ColumnElement

from portal.models.schools.school_class import ClassKind, Enrolment, SchoolClass, TeachingAssignment
from portal.models.supports.date_range import today_at
from portal.models.supports.point_person import PointPerson
from portal.models.supports.support import Support
from portal.models.supports.support_student import SupportStudent

#: Up to here homeroom teachers have the caseload, above it the teachers of courses.
LAST_HOMEROOM_GRADE = 5


#: One person, or a column of a query around it.
StaffId = int | InstrumentedAttribute[int]


class Reason(StrEnum):
    """Why a student is on a caseload."""

    HOMEROOM = "homeroom"
    COURSE = "course"
    SUPPORT = "support"
    POINT_PERSON = "point person"


def student_ids(staff_id: StaffId, school_ids: Set[int], pupil: Any) -> CompoundSelect[int]:
    """The ids of the students on this person's caseload at those schools; `pupil` is an alias of Student."""
    return union_all(*(why.with_only_columns(pupil.id) for why in reasons(staff_id, school_ids, pupil)))


def reasons(staff_id: StaffId, school_ids: Set[int], pupil: Any) -> list[Select[Any]]:
    """One query a reason: student id, Reason, what it is called (the class, the support, the subject), and its id."""
    is_here = and_(pupil.school_id.in_(school_ids), pupil.is_enrolled())
    queries = (
        _taught(staff_id, school_ids, pupil, ClassKind.HOMEROOM),
        _taught(staff_id, school_ids, pupil, ClassKind.COURSE),
        _led(staff_id, pupil),
        _pointed(staff_id, pupil),
    )
    return [query.where(is_here) for query in queries]


def _taught(staff_id: StaffId, school_ids: Set[int], pupil: Any, kind: ClassKind) -> Select[Any]:
    return (
        select(pupil.id, literal(Reason(kind.value).value), SchoolClass.title, SchoolClass.id)
        .select_from(TeachingAssignment)
        .join(SchoolClass, SchoolClass.id == TeachingAssignment.class_id)
        .join(Enrolment, Enrolment.class_id == SchoolClass.id)
        .join(pupil, pupil.id == Enrolment.student_id)
        .where(
            TeachingAssignment.staff_id == staff_id,
            TeachingAssignment.is_current(),
            SchoolClass.school_id.in_(school_ids),
            SchoolClass.kind == kind.value,
            SchoolClass.is_current(),
            Enrolment.is_not_over_on(today_at(SchoolClass.school_id)),
            _counts(kind, pupil),
        )
    )


def _counts(kind: ClassKind, pupil: Any) -> ColumnElement[bool]:
    """Homerooms count up to grade 5 and where the grade is not known, courses above it."""
    is_older: ColumnElement[bool] = pupil.grade > LAST_HOMEROOM_GRADE
    return is_older if kind is ClassKind.COURSE else or_(pupil.grade.is_(None), ~is_older)


def _led(staff_id: StaffId, pupil: Any) -> Select[Any]:
    return (
        select(pupil.id, literal(Reason.SUPPORT.value), Support.name, Support.id)
        .select_from(Support)
        .join(SupportStudent, SupportStudent.support_id == Support.id)
        .join(pupil, and_(pupil.id == SupportStudent.student_id, pupil.school_id == Support.school_id))
        .where(
            Support.lead_id == staff_id,
            Support.is_in_force_at(Support.school_id),
            SupportStudent.is_in_force_at(Support.school_id),
        )
    )


def _pointed(staff_id: StaffId, pupil: Any) -> Select[Any]:
    return (
        select(pupil.id, literal(Reason.POINT_PERSON.value), PointPerson.kind, PointPerson.id)
        .select_from(PointPerson)
        .join(pupil, and_(pupil.id == PointPerson.student_id, pupil.school_id == PointPerson.school_id))
        .where(PointPerson.staff_id == staff_id, PointPerson.is_current())
    )
