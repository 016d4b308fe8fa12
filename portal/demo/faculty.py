"""Add the staff of a school besides the cast, and the classes they teach."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import select

from portal import clock, db
from portal.demo.names import email_of, name_of
from portal.models import ClassKind, Membership, School, SchoolClass, Staff, TeachingAssignment
from portal.policy.permissions import AccessLevel

SPECIALISTS = ("Music", "Art")
SUBJECTS = ("English", "Mathematics", "Science", "History", "Spanish", "Gym")

OFFICES = {
    "lincoln": (
        ("Counselor", AccessLevel.SCHOOL_WIDE_VIEWER),
        ("Attendance Clerk", AccessLevel.SCHOOL_WIDE_EDITOR),
    ),
    "riverside": (
        ("Principal", AccessLevel.SCHOOL_ADMIN),
        ("Assistant Principal", AccessLevel.DELEGATED_ADMIN),
        ("Counselor", AccessLevel.SCHOOL_WIDE_VIEWER),
        ("Substitute Teacher", AccessLevel.NO_ACCESS),
    ),
    "jefferson": (
        ("School Secretary", AccessLevel.SCHOOL_WIDE_EDITOR),
        ("Dean of Students", AccessLevel.DELEGATED_ADMIN),
        ("College Counselor", AccessLevel.SCHOOL_WIDE_VIEWER),
        ("Former Clerk", AccessLevel.NO_ACCESS),
    ),
}

#: The number of the first member of staff at each school; names are chosen by number.
FIRST_NUMBERS = {"lincoln": 1_000, "riverside": 1_100, "jefferson": 1_200}


class ClassSection(NamedTuple):
    """The classes that the students of one homeroom attend together: the homeroom first, then the courses."""

    grade: int
    classes: Sequence[SchoolClass]


class Faculty:
    """The staff of one school. Making it adds the office; a teacher is added with their first class."""

    def __init__(self, school: School) -> None:
        self._school = school
        self._next_number = FIRST_NUMBERS[str(school.identifier)]
        self._teachers: dict[tuple[str, str], Staff] = {}
        for title, level in OFFICES[str(school.identifier)]:
            self._hire(title, level)

    def add_section(self, grade: int, letter: str) -> ClassSection:
        """Add the homeroom and the courses of its students, each with a teacher, and return them."""
        title = f"{grade or 'K'}{letter}"
        room = str(100 * grade + 101 + ord(letter) - ord("A"))
        homeroom = self._find_or_add_class(
            ClassKind.HOMEROOM, title, room=f"Room {room}", teacher=(f"Teacher, {title}", "")
        )
        subjects = SUBJECTS if grade > 5 else SPECIALISTS
        return ClassSection(grade, [homeroom, *(self._course(subject, title) for subject in subjects)])

    def _course(self, subject: str, title: str) -> SchoolClass:
        # Two people share a subject: one for the homerooms A and C, one for B and D.
        which = "AC" if title[-1] in "AC" else "BD"
        teacher = (f"Teacher, {subject}", which)
        return self._find_or_add_class(
            ClassKind.COURSE, f"{subject} {title}", room=f"{subject} {which}", teacher=teacher
        )

    def _find_or_add_class(
        self, kind: ClassKind, title: str, *, room: str, teacher: tuple[str, str]
    ) -> SchoolClass:
        """Return the class of that title, added if the cast has none; give it a teacher if it has none."""
        known = db.session.scalar(select(SchoolClass).filter_by(school_id=self._school.id, title=title))
        row = known or SchoolClass(school_id=self._school.id, kind=kind.value, title=title, room=room)
        db.session.add(row)
        db.session.flush()
        if not db.session.scalar(select(TeachingAssignment.id).filter_by(class_id=row.id).limit(1)):
            staff = self._teachers.get(teacher) or self._hire(teacher[0], AccessLevel.CASELOAD_EDITOR)
            self._teachers[teacher] = staff
            db.session.add(TeachingAssignment(staff_id=staff.id, class_id=row.id, is_primary=True))
        return row

    def _hire(self, title: str, level: AccessLevel) -> Staff:
        """Add a member of staff without a password; only the cast can sign in."""
        number = self._next_number
        self._next_number += 1
        name = name_of(number)
        staff = Staff(
            email=email_of(name, number, domain="example.org"),
            given_name=name.given,
            family_name=name.family,
            title=title,
            source_id=f"staff-{number}",
            **_past_sign_in(number),
        )
        db.session.add(staff)
        db.session.flush()
        db.session.add(Membership(staff_id=staff.id, school_id=self._school.id, level=level.value))
        return staff


def _past_sign_in(number: int) -> dict[str, Any]:
    """Return the columns of a last sign-in, for two in three. An empty hash matches no password."""
    if number % 3 == 0:
        return {}
    seen = clock.now() - timedelta(days=number % 11, hours=number % 7)
    return {"password_hash": "", "email_verified_at": seen, "last_signed_in_at": seen}
