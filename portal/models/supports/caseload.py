"""Find the students on a person's caseload, and the reasons: teaching, leading a support, point person (rule B9).

Each kind of reason is one query on the current rows, and the caseload is their union. Nothing is stored, so a change
of those rows counts at once. A student who has left is on no caseload.
"""

from collections.abc import Set
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import CompoundSelect, Select, and_, literal, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql import ColumnElement

from portal.models.schools.school_class import ClassKind, Enrolment, SchoolClass, TeachingAssignment
from portal.models.supports.date_range import today_at
from portal.models.supports.point_person import PointPerson
from portal.models.supports.support import Support
from portal.models.supports.support_student import SupportStudent

if TYPE_CHECKING:
    from portal.models.students.student import Student

#: The last grade in which students are on the caseload of homeroom teachers; from the next on, of course teachers.
LAST_HOMEROOM_GRADE = 5

#: The id of the student, the value of a Reason, its title, and the id of its row.
ReasonQuery = Select[int, str, str, int]

#: The id of one person, or a column of an enclosing query.
StaffId = int | InstrumentedAttribute[int]


class Reason(StrEnum):
    """CaseloadReason a student is on a caseload."""

    HOMEROOM = "homeroom"
    COURSE = "course"
    SUPPORT = "support"
    POINT_PERSON = "point person"


def student_ids(staff_id: StaffId, school_ids: Set[int], student: "type[Student]") -> CompoundSelect[int]:
    """Select the ids of the students on this person's caseload at these schools; `student` is an alias of Student."""
    return union_all(
        *(reason.with_only_columns(student.id) for reason in reason_queries(staff_id, school_ids, student))
    )


def reason_queries(staff_id: StaffId, school_ids: Set[int], student: "type[Student]") -> list[ReasonQuery]:
    """Return one query for each kind of reason. The title is that of the class or support, or the subject."""
    is_here = and_(student.school_id.in_(school_ids), student.is_enrolled())
    queries = (
        _taught(staff_id, school_ids, student, ClassKind.HOMEROOM),
        _taught(staff_id, school_ids, student, ClassKind.COURSE),
        _led(staff_id, student),
        _pointed(staff_id, student),
    )
    return [query.where(is_here) for query in queries]


def _taught(
    staff_id: StaffId, school_ids: Set[int], student: "type[Student]", kind: ClassKind
) -> ReasonQuery:
    return (
        select(student.id, literal(Reason(kind.value).value), SchoolClass.title, SchoolClass.id)
        .select_from(TeachingAssignment)
        .join(SchoolClass, SchoolClass.id == TeachingAssignment.class_id)
        .join(Enrolment, Enrolment.class_id == SchoolClass.id)
        .join(student, student.id == Enrolment.student_id)
        .where(
            TeachingAssignment.staff_id == staff_id,
            TeachingAssignment.is_current(),
            SchoolClass.school_id.in_(school_ids),
            SchoolClass.kind == kind.value,
            SchoolClass.is_current(),
            Enrolment.is_not_over_on(today_at(SchoolClass.school_id)),
            _grade_counts(kind, student),
        )
    )


def _grade_counts(kind: ClassKind, student: "type[Student]") -> ColumnElement[bool]:
    """Return whether a class of that kind counts: homerooms up to grade 5 or for unknown grades, courses above."""
    is_older: ColumnElement[bool] = student.grade > LAST_HOMEROOM_GRADE
    return is_older if kind is ClassKind.COURSE else or_(student.grade.is_(None), ~is_older)


def _led(staff_id: StaffId, student: "type[Student]") -> ReasonQuery:
    return (
        select(student.id, literal(Reason.SUPPORT.value), Support.name, Support.id)
        .select_from(Support)
        .join(SupportStudent, SupportStudent.support_id == Support.id)
        .join(student, and_(student.id == SupportStudent.student_id, student.school_id == Support.school_id))
        .where(
            Support.lead_id == staff_id,
            Support.is_in_force_at(Support.school_id),
            SupportStudent.is_in_force_at(Support.school_id),
        )
    )


def _pointed(staff_id: StaffId, student: "type[Student]") -> ReasonQuery:
    return (
        select(student.id, literal(Reason.POINT_PERSON.value), PointPerson.kind, PointPerson.id)
        .select_from(PointPerson)
        .join(student, and_(student.id == PointPerson.student_id, student.school_id == PointPerson.school_id))
        .where(PointPerson.staff_id == staff_id, PointPerson.is_current())
    )
