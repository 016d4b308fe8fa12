"""Find access codes by what somebody enters. Apart from the table, which only staff's acts and letters need."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from portal.crypto import keys
from portal.db import db
from portal.models.codes.access_code import AccessCode
from portal.models.codes.sealed_code import PURPOSE
from portal.models.event import LATEST, moment_after
from portal.models.schools.school import School
from portal.models.students.student import LOCKED, Student

#: The row of each code that was entered, in any state; none where there is no such code.
Entered = Mapping[str, AccessCode | None]


def find_codes(codes: Sequence[str], *, locking: bool = False) -> tuple[Entered, datetime]:
    """Return the rows of these canonical codes with their students, and the moment at which they are judged.

    With `locking`, the students are locked, so that nobody else can change a code until the transaction ends.
    """
    digests = {digest: canonical for canonical in codes for digest in keys.indexes(PURPOSE, canonical)}
    locked = _lock_students(digests) if locking else {}
    found: dict[str, AccessCode | None] = dict.fromkeys(codes)
    statement = _WITH_DIGEST if locking else _WITH_STUDENT
    rows = db.session.execute(statement, {"digests": list(digests)}).all()
    for code, _latest in rows:
        found[digests[code.digest]] = code
        if code.student_id in locked:
            set_committed_value(code, "student", locked[code.student_id])
    return found, moment_after(rows[0][1] if rows else None)


def schools_of(codes: Sequence[str]) -> list[str]:
    """Return the names of the schools of these canonical codes' students, whether a code still works or not."""
    digests = [digest for canonical in codes for digest in keys.indexes(PURPOSE, canonical)]
    return list(db.session.connection().scalars(_SCHOOLS, {"digests": digests}))


def _lock_students(digests: Mapping[bytes, str]) -> dict[int, Student]:
    """Lock the students of these codes, always in the same order to avoid deadlocks; return them by id."""
    return {student.id: student for student in db.session.scalars(_HOLDERS, {"digests": list(digests)})}


_DIGESTS = AccessCode.digest.in_(bindparam("digests", expanding=True))
_WITH_DIGEST = select(AccessCode, LATEST).where(_DIGESTS).execution_options(populate_existing=True)
_STUDENT = joinedload(AccessCode.student, innerjoin=True)
_WITH_STUDENT = _WITH_DIGEST.options(_STUDENT.lazyload(Student.code), _STUDENT.lazyload(Student.homeroom))
_SCHOOLS = (
    select(School.name).join(Student).join(AccessCode, AccessCode.student_id == Student.id).where(_DIGESTS)
)
_HOLDERS = LOCKED.where(Student.id.in_(select(AccessCode.student_id).where(_DIGESTS))).order_by(Student.id)
