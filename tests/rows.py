"""Rows for tests that need less than the cast: one school, and whom the test asks for."""

from datetime import UTC, date, datetime
from typing import Any

from portal import db
from portal.models import (
    AccessCode,
    ClassKind,
    Guardian,
    Membership,
    PointKind,
    School,
    SchoolClass,
    SchoolYear,
    Staff,
    Student,
    Support,
    SupportCategory,
)
from portal.models.guardians.redemption import redeem
from portal.models.rows import Done
from portal.models.supports.adding import add_to_support
from portal.models.supports.assigning import assign_point_person
from portal.models.supports.support import Terms
from portal.policy.permissions import AccessLevel

#: A Monday morning in the middle of the school year of `school`.
MORNING = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)

#: So long ago that nothing given then still counts.
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

#: A documentation address (RFC 5737), from which everybody in these tests comes.
ADDRESS = "192.0.2.7"


def stored(row: Any) -> Any:
    """`row`, in the database and with its id, also within a transaction that goes on."""
    with db.writing():
        db.session.add(row)
        db.session.flush()
    return row


def school(name: str = "Lincoln", *, time_zone: str = "America/New_York", year: int | None = 2027) -> School:
    """A school with the year that ends in June of `year`; with None, a school without any."""
    row: School = stored(School(name=name, identifier=name.lower(), time_zone=time_zone))
    if year:
        first, last = date(year - 1, 9, 1), date(year, 6, 26)
        stored(SchoolYear.of(row, year=year, first_day=first, last_day=last))
    return row


def student(of: School, name: str = "Mia Sullivan", **fields: Any) -> Student:
    given, _, family = name.partition(" ")
    row: Student = stored(Student(school_id=of.id, given_name=given, family_name=family, grade=4, **fields))
    return row


def school_class(of: School, title: str, *, kind: ClassKind = ClassKind.HOMEROOM) -> SchoolClass:
    return stored(SchoolClass(school_id=of.id, kind=kind.value, title=title))


def staff(
    of: School, level: AccessLevel = AccessLevel.SCHOOL_WIDE_EDITOR, name: str = "Otto Office"
) -> Staff:
    given, _, family = name.partition(" ")
    row: Staff = stored(Staff(email=f"{given.lower()}@school.example", given_name=given, family_name=family))
    stored(Membership(staff_id=row.id, school_id=of.id, level=level.value))
    return row


def guardian(name: str = "Grace Sullivan") -> Guardian:
    given, _, family = name.partition(" ")
    email = f"{given.lower()}@home.example"
    row: Guardian = stored(Guardian(email=email, given_name=given, family_name=family))
    return row


def enabled(of: Student, by: Staff) -> AccessCode:
    """The student's live code."""
    with db.writing():
        return AccessCode.enable(of, by=by)


def paired(who: Guardian, of: Student) -> Any:
    """The pairing that `who` gets by redeeming the student's live code."""
    assert of.code is not None, "enable the student first"
    with db.writing():
        return redeem([of.code.text], by=who, address=ADDRESS)[0]


def support_led_by(lead: Staff, *students: Student, **terms: Any) -> Support:
    """A running support at their school, created by its office, with these students in it."""
    school = students[0].school
    name = f"Office{school.id}"
    office = Staff.with_email(f"{name}@school.example") or staff(school, name=f"{name} Brown")
    agreed = {"name": "Attendance group", "category": SupportCategory.ATTENDANCE, "first_day": MORNING.date()}
    with db.writing():
        support = Support.create(school, Terms(lead=lead, **agreed | terms), by=office)
        add_to_support(Student.id.in_([each.id for each in students]), support, by=office)
    return support


def make_point_person(who: Staff, of: Student, kind: PointKind = PointKind.ACADEMIC, *, by: Staff) -> Done:
    with db.writing():
        return assign_point_person(Student.id == of.id, kind, who, by=by)
