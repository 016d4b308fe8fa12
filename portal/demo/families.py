"""Add the students of the cast and their guardians, with codes, pairings, a revocation and a restriction."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import select, update

from portal import clock, db
from portal.demo.cast import Cast, Passwords
from portal.demo.district import ZONE
from portal.models import AccessCode, Contact, Enrolment, SchoolYear, Staff, Student
from portal.models.guardians.pairing import RevocationReason
from portal.models.guardians.restricting import CustodyOrder, restrict
from portal.models.guardians.revocation import revoke
from portal.models.guardians.sign_up import Applicant, sign_up

#: A client address reserved for documentation (RFC 5737).
AT_HOME = "192.0.2.17"


class Child(NamedTuple):
    """A student of the cast. The school is that of the homeroom; a contact is name, email and relationship."""

    name: str
    number: str
    grade: int
    homeroom: str
    courses: tuple[str, ...]
    language: str
    contacts: tuple[tuple[str, str, str], ...]


STUDENTS = {
    "mia": Child("Mia Tran", "10201", 2, "class_2a", ("music_2a",), "vi",
                 (("Grace Tran", "grace@example.com", "Mother"), ("Minh Tran", "minh@example.com", "Father"))),
    "noah": Child("Noah Adler", "10202", 2, "class_2a", ("music_2a",), "en",
                  (("Naomi Adler", "naomi.adler@example.com", "Mother"),)),
    "emil": Child("Emil Kowalski", "10203", 2, "class_2a", ("music_2a",), "pl",
                  (("Ewa Kowalska", "ewa.kowalska@example.net", "Mother"),)),
    "lucia": Child("Lucía Fernández Ortiz", "10204", 2, "class_2b", ("music_2b",), "es",
                   (("Carmen Ortiz", "carmen.ortiz@example.com", "Mother"),)),
    "ines": Child("Ines Delgado", "10205", 2, "class_2b", ("music_2b",), "es",
                  (("Rosa Delgado", "rosa@example.com", "Mother"),)),
    "leo": Child("Leo Okafor", "10206", 2, "class_2b", (), "en", ()),
    "tomas": Child("Tomás Delgado", "20701", 7, "class_7a", ("science_7a",), "es",
                   (("Rosa Delgado", "rosa@example.com", "Mother"),)),
    "jamal": Child("Jamal Wright", "31101", 11, "class_11a", ("mathematics_11a",), "en",
                   (("Denise Wright", "denise.wright@example.com", "Guardian"),)),
}  # fmt: skip

#: Family name, language in which they read the portal, and the students whose codes they have used.
GUARDIANS = {
    "grace": ("Tran", "en", ("mia",)),
    "minh": ("Tran", "en", ("mia",)),
    "rosa": ("Delgado", "es", ("ines", "tomas")),
    "zoe": ("Lambert", "en", ("noah",)),
}

ENABLED_BY = {"lincoln": "otto", "riverside": "sam", "jefferson": "joan"}
ENABLED = ("mia", "noah", "ines", "leo", "tomas", "jamal")


def add_students(cast: Cast, passwords: Passwords) -> None:
    """Add the students of the cast with contacts, codes and guardians. Lucía's access was never enabled."""
    for name, child in STUDENTS.items():
        _enrol_one(cast, name, child)
    for name in ENABLED:
        student = getattr(cast, name)
        AccessCode.enable(student, by=office_of(cast, student))
    for name in GUARDIANS:
        _sign_up(cast, passwords, name)
    _revoke_zoe(cast)
    add_expired_codes([cast.emil], by=cast.otto)
    mark_left(cast.leo)


def add_expired_codes(students: Sequence[Student], *, by: Staff) -> None:
    """Give each of these students, all of one school, a code of the last school year.

    While the codes are made, that year is stored as ending tomorrow; then its real end is restored. So
    AccessCode.enable can make them, without another clock.
    """
    last_year = _last_year(students[0].school_id)
    right_end = last_year.ends_at
    last_year.ends_at = clock.now() + timedelta(days=1)
    db.session.flush()
    codes = [AccessCode.enable(student, by=by) for student in students]
    for code in codes:
        code.created_at = clock.end_of(last_year.first_day, ZONE)
    last_year.ends_at = right_end
    db.session.flush()
    for code in codes:
        db.session.expire(code)


def mark_left(student: Student) -> None:
    """End a student and their enrolments, as a roster does that no longer names them. Nothing is deleted."""
    student.left_at = clock.now()
    ending = update(Enrolment).where(Enrolment.student_id == student.id).values(ended_at=student.left_at)
    db.session.execute(ending)
    db.session.flush()


def restrict_access(cast: Cast) -> None:
    """Restrict one email, with which nobody has an account, from access to Jamal."""
    order = CustodyOrder(
        reason="The family asked for this while an arrangement is worked out. Questions go to the principal.",
        document="Letter of the family, blue binder 4",
        first_day=clock.today(ZONE),
    )
    restrict(cast.jamal, "marcus.wright@example.net", order, replaces_code=False, by=cast.joan)


def office_of(cast: Cast, student: Student) -> Staff:
    """Return the member of staff who enables codes at the student's school."""
    office: Staff = getattr(cast, ENABLED_BY[str(student.school.identifier)])
    return office


def _enrol_one(cast: Cast, name: str, child: Child) -> None:
    given_name, _space, family_name = child.name.partition(" ")
    homeroom = getattr(cast, child.homeroom)
    student = cast.join(
        name,
        Student(
            school_id=homeroom.school_id,
            homeroom_id=homeroom.id,
            given_name=given_name,
            family_name=family_name,
            student_number=child.number,
            source_id=f"student-{child.number}",
            grade=child.grade,
            language=child.language,
            synced_at=clock.now(),
        ),
    )
    classes = [homeroom, *(getattr(cast, course) for course in child.courses)]
    db.session.add_all(Enrolment(student_id=student.id, class_id=each.id) for each in classes)
    db.session.add_all(_contact(student, *contact) for contact in child.contacts)
    db.session.flush()


def _contact(student: Student, name: str, email: str, relationship: str) -> Contact:
    given_name, _space, family_name = name.partition(" ")
    return Contact(
        student_id=student.id,
        source_id=f"contact-{email.partition('@')[0]}",
        given_name=given_name,
        family_name=family_name,
        email=email,
        relationship=relationship,
        language=student.language,
    )


def _sign_up(cast: Cast, passwords: Passwords, name: str) -> None:
    family_name, language, children = GUARDIANS[name]
    applicant = Applicant(
        email=f"{name}@example.com",
        given_name=name.title(),
        family_name=family_name,
        password_hash=passwords[name].hashed,
        language=language,
        email_is_proven=True,
    )
    codes = [cast.code_of(getattr(cast, child)) for child in children]
    guardian = cast.join(name, sign_up(codes, applicant, address=AT_HOME))
    cast.give_password(guardian, passwords[name].plain)


def _revoke_zoe(cast: Cast) -> None:
    """Revoke Zoe's access to Noah, who then has a new code and no guardian."""
    revoke(cast.noah.live_pairings, by=cast.otto, reason=RevocationReason.MISTAKE)


def _last_year(school_id: int) -> SchoolYear:
    years = select(SchoolYear).where(SchoolYear.school_id == school_id).order_by(SchoolYear.ends_at)
    return db.session.scalars(years.limit(1)).one()
