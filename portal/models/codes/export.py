"""Access codes handed out as a list, for a mail merge."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from portal.db import db, retrying
from portal.models.accounts.account import Account
from portal.models.accounts.alarms import watch_reveals
from portal.models.codes.access_code import AccessCode
from portal.models.codes.batch import Batch, BatchStudent
from portal.models.codes.bulk import settle
from portal.models.codes.family_status import with_codes
from portal.models.codes.outcome import Act, Outcome
from portal.models.codes.sealed_code import open_code
from portal.models.event import Event, EventKind, moment
from portal.models.schools.school import School, SchoolYear
from portal.models.schools.school_class import SchoolClass
from portal.models.students.student import Student


class Exported(NamedTuple):
    """A student with a code. `ends_at` is the first moment at which the code no longer works."""

    school: str
    time_zone: str
    school_language: str
    grade: int | None
    homeroom: str | None
    number: str | None
    student_id: int
    student: str
    language: str | None
    code_public_id: str
    sealed: bytes
    ends_at: datetime

    @property
    def code(self) -> str:
        """The twelve symbols of the code, which is decrypted only when it is read."""
        return open_code(self.sealed, student_id=self.student_id, public_id=self.code_public_id)


def export_codes(batch: Batch, *, by: Account) -> list[Exported]:
    """Return the students of the batch who have a working code, by school, homeroom and name, and record each.

    Call it outside a write transaction. A batch is exported once; a second call returns an empty list.
    """
    batch_id = batch.id
    return retrying(lambda: _export(batch_id, by=by))


def _export(batch_id: int, *, by: Account) -> list[Exported]:
    if not db.session.get_one(Batch, batch_id).begin():
        return []
    settle(Act.EXPORT, batch_id, by=by, at=moment())
    rows = [Exported(*row) for row in db.session.execute(_ROWS, {"batch_id": batch_id})]
    Event.record_all(EventKind.CODE_SHOWN, ({"student_id": row.student_id} for row in rows), by=by)
    watch_reveals(by=by)
    Event.record(EventKind.CODES_EXPORTED, by=by, batch=batch_id, students=len(rows))
    return rows


#: Students whose outcome is "done" have both a code and the school year in which it works.
_ROWS: Any = with_codes(
    select(
        School.name,
        School.time_zone,
        School.language,
        Student.grade,
        SchoolClass.title,
        Student.student_number,
        Student.id,
        Student.name,
        Student.language,
        AccessCode.public_id,
        AccessCode.sealed,
        SchoolYear.ends_at,
    )
    .select_from(BatchStudent)
    .join(Student, Student.id == BatchStudent.student_id)
    .join(School, School.id == Student.school_id)
    .outerjoin(Student.homeroom)
    .where(BatchStudent.batch_id == bindparam("batch_id"), BatchStudent.outcome == Outcome.DONE.value)
    .order_by(School.name, SchoolClass.title, Student.sort_key, Student.id)
)
