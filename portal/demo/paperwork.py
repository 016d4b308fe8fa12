"""Add codes, letters and pairings for the crowd: half of the students are enabled, some families signed up."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from portal import db
from portal.demo.cast import Cast
from portal.demo.families import AT_HOME, add_expired_codes, mark_left, office_of
from portal.models import AccessCode, Contact, Staff, Student
from portal.models.guardians.sign_up import Applicant, sign_up
from portal.models.letters.batch import record_printed
from portal.models.letters.list import letters_of


class Share(NamedTuple):
    """One of every `one_in` students of a list, beginning at the position `first`."""

    one_in: int
    first: int = 0

    def of(self, students: Sequence[Student]) -> Sequence[Student]:
        """Return this share of the students."""
        return students[self.first :: self.one_in]


#: PAIRED has to lie within ENABLED, since pairing needs a code; EXPIRED and LEFT have to lie outside it.
ENABLED = Share(2)
PAIRED = Share(8)
EXPIRED = Share(100, first=41)
LEFT = Share(90, first=17)


def add_codes(cast: Cast, students: Sequence[Student]) -> None:
    """Add codes, expired codes, letters and pairings for the students of one school, and let some leave."""
    office = office_of(cast, students[0])
    add_expired_codes(EXPIRED.of(students), by=office)
    for student in ENABLED.of(students):
        AccessCode.enable(student, by=office)
    _print_letters(ENABLED.of(students)[: len(students) // 3], by=office)
    for student in PAIRED.of(students):
        _pair_contacts(cast, student)
    for student in LEFT.of(students):
        mark_left(student)


def _print_letters(students: Sequence[Student], *, by: Staff) -> None:
    """Record the letters of these students as printed."""
    found = letters_of(Student.id.in_([student.id for student in students]), by=by)
    record_printed(found.recipients, by=by)


def _pair_contacts(cast: Cast, student: Student) -> None:
    """Sign up each contact who has an email, as a guardian who cannot sign in."""
    with_email = select(Contact).where(Contact.student_id == student.id, Contact.email.is_not(None))
    for contact in db.session.scalars(with_email):
        applicant = Applicant(
            email=str(contact.email),
            given_name=contact.given_name,
            family_name=contact.family_name,
            password_hash="",  # the hash of no password
            language=str(contact.language),
            email_is_proven=True,
        )
        sign_up([cast.code_of(student)], applicant, address=AT_HOME)
