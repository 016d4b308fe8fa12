"""Add some 600 students besides the cast, with their teachers, contacts on file, codes and pairings."""

from collections.abc import Iterator
from itertools import count

from portal import clock, db
from portal.demo.cast import Cast
from portal.demo.district import SCHOOLS
from portal.demo.faculty import ClassSection, Faculty
from portal.demo.names import email_of, name_of, parent_of
from portal.demo.paperwork import add_codes
from portal.models import Contact, Enrolment, Student

#: The homerooms of each grade, and how many students sit in one.
SIZES = {"lincoln": ("AB", 17), "riverside": ("ABCD", 16), "jefferson": ("ABCD", 13)}

FIRST_NUMBER = 50_000

RELATIONSHIPS = ("Parent", "Guardian", "Grandparent", "Stepparent", "Parent", "Foster parent")


def add_crowd(cast: Cast) -> None:
    """Fill the three schools with classes, teachers, students, contacts on file, codes and pairings."""
    numbers = count(1)
    for name in SCHOOLS:
        students = []
        for section in _sections(cast, name):
            students += [_newcomer(next(numbers), section) for _seat in range(SIZES[name][1])]
            _enrol(students[-SIZES[name][1] :], section)
        add_codes(cast, students)


def _sections(cast: Cast, name: str) -> Iterator[ClassSection]:
    faculty = Faculty(getattr(cast, name))
    return (faculty.add_section(grade, letter) for grade in SCHOOLS[name].grades for letter in SIZES[name][0])


def _newcomer(number: int, section: ClassSection) -> Student:
    name = name_of(number)
    homeroom = section.classes[0]
    return Student(
        school_id=homeroom.school_id,
        homeroom_id=homeroom.id,
        given_name=name.given,
        family_name=name.family,
        student_number=str(FIRST_NUMBER + number),
        source_id=f"student-{FIRST_NUMBER + number}",
        grade=section.grade,
        language=name.language,
        synced_at=clock.now(),
    )


def _enrol(students: list[Student], section: ClassSection) -> None:
    db.session.add_all(students)
    db.session.flush()
    for student in students:
        number = int(str(student.student_number)) - FIRST_NUMBER
        db.session.add_all(Enrolment(student_id=student.id, class_id=each.id) for each in section.classes)
        db.session.add_all(_contact(student, number, place) for place in range(_contacts_of(number)))
    db.session.flush()


def _contacts_of(number: int) -> int:
    """Return how many contacts are on file: for most students two, for some one, for one in nineteen none."""
    return 0 if number % 19 == 0 else 1 + (number % 3 > 0)


def _contact(student: Student, number: int, place: int) -> Contact:
    """Return a contact of the student; one in eleven has no email."""
    parent = parent_of(name_of(number), number + place)
    return Contact(
        student_id=student.id,
        source_id=f"contact-{number}-{place}",
        given_name=parent.given,
        family_name=parent.family or parent.given,
        email=None if (number + place) % 11 == 0 else email_of(parent, 10 * number + place),
        phone=f"555-01{number % 100:02}",
        relationship=RELATIONSHIPS[(number + place) % len(RELATIONSHIPS)],
        language=student.language,
    )
