"""The letters of a batch: who gets one, who may still download them, and the record that they were printed."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, insert, select, update

from portal import clock
from portal.db import db, retrying
from portal.models.accounts.account import Account
from portal.models.accounts.alarms import watch_reveals
from portal.models.codes.access_code import AccessCode
from portal.models.codes.batch import Batch, BatchStudent
from portal.models.codes.bulk import settle
from portal.models.codes.outcome import Act, Outcome, outcome_of
from portal.models.event import Event, EventKind, moment
from portal.models.letters.list import LetterOrder, Recipient, letters_of
from portal.models.mail.instructions import first_written
from portal.models.rows import batched
from portal.models.schools.school import School
from portal.models.students.student import Student
from portal.policy.permissions import Permission


class Outline(NamedTuple):
    """How many letters a batch has, how many cover sheets at least, and how many letters in each language."""

    letters: int
    covers: int
    languages: list[tuple[str, int]]


def outline_of(batch: Batch, *, by: Account) -> Outline:
    """Count the letters of a batch in one statement: before it is confirmed, those that would be printed."""
    is_meant = BatchStudent.outcome == Outcome.DONE.value if batch.is_done() else _would_be_done(by)
    rows = db.session.execute(_GROUPS.where(BatchStudent.batch_id == batch.id, is_meant)).all()
    languages: Counter[str] = Counter()
    for *_place, language, of_school, count in rows:
        languages[first_written(language, of_school)] += count
    return Outline(languages.total(), len({row[:2] for row in rows}), languages.most_common())


def settle_letters(batch: Batch, *, by: Account) -> int:
    """Store who gets a letter, unless the batch was printed before, and return how many do."""
    batch_id = batch.id
    return retrying(lambda: _settle(batch_id, by=by))


def recipients_of(batch_id: int, *, by: Account, order: LetterOrder) -> list[Recipient]:
    """Return those students of a printed batch who now have a working code and are in reach of `by`."""
    return letters_of(Student.id.in_(_select_printed(batch_id)), by=by, order=order).recipients


def record(recipients: list[Recipient], *, by: Account) -> None:
    """Record, in the open transaction, that `by` printed these letters; alert the admins when they are very many."""
    record_printed(recipients, by=by)
    watch_reveals(by=by)


def record_printed(recipients: Sequence[Recipient], *, by: Account | None) -> None:
    """Record, in the open transaction, that `by` printed a letter for each of them; None is the operator."""
    made_at = clock.now()
    common = {"kind": EventKind.LETTER_PRINTED.value, "at": made_at}
    if by:
        common |= {"account_id": by.id, "address": by.acting_from}
    for chunk in batched(recipients):
        db.session.execute(insert(Event), [common | {"student_id": each.student_id} for each in chunk])
        mark_made([each.code_id for each in chunk], at=made_at)


def mark_made(code_ids: Sequence[int], *, at: datetime) -> None:
    """Note at each of these codes that a letter with it was made at that moment."""
    made = update(AccessCode).where(AccessCode.id.in_(code_ids)).values(letter_made_at=at)
    db.session.execute(made.execution_options(synchronize_session=False))


def may_still_have(batch_id: int, account: Account) -> bool:
    """Return whether all students with a letter in the batch are in reach of `account` now."""
    reached = Student.reachable(account, Permission.MANAGE_CODES)
    gone = select(Student.id).where(Student.id.in_(_select_printed(batch_id)), ~reached)
    return db.session.scalar(gone.limit(1)) is None


def _settle(batch_id: int, *, by: Account) -> int:
    is_first = db.session.get_one(Batch, batch_id).begin()
    if is_first:
        settle(Act.LETTERS, batch_id, by=by, at=moment())
    done = select(func.count()).select_from(_select_printed(batch_id).subquery())
    students = db.session.scalars(done).one()
    if is_first:
        Event.record(EventKind.BATCH_DONE, by=by, act=Act.LETTERS.value, batch=batch_id, students=students)
    return students


def _select_printed(batch_id: int) -> Select[int]:
    done = select(BatchStudent.student_id).where(BatchStudent.batch_id == batch_id)
    return done.where(BatchStudent.outcome == Outcome.DONE.value)


def _would_be_done(by: Account) -> Any:
    return outcome_of(Act.LETTERS, by=by, at=clock.now()) == Outcome.DONE.value


_GROUPS: Any = (
    select(Student.school_id, Student.homeroom_id, Student.language, School.language, func.count())
    .select_from(BatchStudent)
    .join(Student, Student.id == BatchStudent.student_id)
    .join(School, School.id == Student.school_id)
    .group_by(Student.school_id, Student.homeroom_id, Student.language, School.language)
)
