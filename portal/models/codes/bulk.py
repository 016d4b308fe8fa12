"""Enable or reset the access codes of many students in one transaction (rule A15).

The number of statements does not grow with the number of students, but for one INSERT in 5,000 rows.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from portal import clock
from portal.db import db, retrying
from portal.db.dialects import insert
from portal.models.codes.access_code import AccessCode, Ending
from portal.models.codes.batch import Batch, BatchStudent
from portal.models.codes.outcome import Act, Outcome, open_year, outcome_of
from portal.models.codes.sealed_code import draw_row
from portal.models.event import Event, EventKind, moment
from portal.models.rows import batched
from portal.models.students.student import Student
from portal.policy.reach import Asker

#: Told how many codes are drawn, of how many.
Progress = Callable[[int, int], None]

#: By student: the row to be stored.
Drawn = dict[int, dict[str, Any]]

#: Codes are drawn this many at a time between two words about progress.
STRIDE = 250

_RECORDED = {Act.ENABLE: EventKind.CODE_ENABLED, Act.RESET: EventKind.CODE_RESET}
_ENDINGS = {Act.ENABLE: Ending.EXPIRED, Act.RESET: Ending.RESET}


def make_codes(batch: Batch, *, by: Asker, progress: Progress = lambda _done, _all: None) -> None:
    """Enable or reset the codes of everybody in the batch for whom that is possible now.

    Call it outside a write transaction: codes are drawn and sealed before it begins. A second call does nothing.
    """
    act, batch_id = Act(batch.act), batch.id
    drawn = _draw(act, batch_id, by=by, progress=progress)
    retrying(lambda: _store(act, batch_id, drawn, by=by))


def settle(act: Act, batch_id: int, *, by: Asker, at: datetime) -> None:
    """Store the outcome of each student of the batch, and lock the students until the transaction ends.

    Runs in the open transaction. `at` is the moment at which codes are judged.
    """
    chosen = select(BatchStudent.student_id).where(BatchStudent.batch_id == batch_id)
    locked = select(Student.id).where(Student.id.in_(chosen)).order_by(Student.id).with_for_update()
    db.session.execute(select(func.count()).select_from(locked.subquery()))
    outcome = select(outcome_of(act, by=by, at=at)).where(Student.id == BatchStudent.student_id)
    settled = update(BatchStudent).where(BatchStudent.batch_id == batch_id)
    db.session.execute(settled.values(outcome=outcome.scalar_subquery()), execution_options=_UNSYNCHRONIZED)


def _draw(act: Act, batch_id: int, *, by: Asker, progress: Progress) -> Drawn:
    at = moment()
    wanted = (
        select(Student.id, open_year(at).scalar_subquery())
        .join(BatchStudent, BatchStudent.student_id == Student.id)
        .where(BatchStudent.batch_id == batch_id, outcome_of(act, by=by, at=at) == Outcome.DONE.value)
    )
    years = db.session.execute(wanted).all()
    drawn: Drawn = {}
    for student_id, year in years:
        drawn[student_id] = draw_row(student_id, year=year, by=by)
        if not len(drawn) % STRIDE:
            progress(len(drawn), len(years))
    progress(len(years), len(years))
    return drawn


def _store(act: Act, batch_id: int, drawn: Drawn, *, by: Asker) -> None:
    if not db.session.get_one(Batch, batch_id).begin():
        return
    at = moment()
    settle(act, batch_id, by=by, at=at)
    fresh = _still_wanted(batch_id, drawn, at=at)
    _keep_only(batch_id, fresh)
    _end_codes(batch_id, _ENDINGS[act], by=by)
    _insert([drawn[student_id] for student_id in fresh])
    made = _made(batch_id, drawn)
    _keep_only(batch_id, made)
    Event.record_all(_RECORDED[act], ({"student_id": one} for one in made), by=by)
    Event.record(EventKind.BATCH_DONE, by=by, act=act.value, batch=batch_id, students=len(made))


def _still_wanted(batch_id: int, drawn: Drawn, *, at: datetime) -> list[int]:
    """Return the ids of those for whom a code was drawn and who still need one for that school year."""
    done = select(BatchStudent.student_id, open_year(at).scalar_subquery()).join(Student)
    rows = db.session.execute(done.where(*_is_done(batch_id)))
    return [one for one, year in rows if one in drawn and drawn[one]["year"] == year]


def _end_codes(batch_id: int, ending: Ending, *, by: Asker) -> None:
    """End the open codes of everybody whose outcome is done, so that the new codes can be stored."""
    done = select(BatchStudent.student_id).where(*_is_done(batch_id))
    ended = update(AccessCode).where(AccessCode.student_id.in_(done), AccessCode.is_open())
    ended = ended.values(ended_at=clock.now(), ended_by_id=by.id, ending=ending.value, sealed=None)
    db.session.execute(ended, execution_options=_UNSYNCHRONIZED)


def _insert(rows: list[dict[str, Any]]) -> None:
    """Store the drawn codes. A student who has an open code by now keeps it: the unique index says so."""
    statement = insert(AccessCode.__table__).on_conflict_do_nothing()
    for chunk in batched(rows):
        db.session.execute(statement, chunk)


def _made(batch_id: int, drawn: Drawn) -> list[int]:
    """Return the ids of the students whose open code is the one that was drawn here."""
    opened = select(AccessCode.student_id, AccessCode.public_id).join(
        BatchStudent, BatchStudent.student_id == AccessCode.student_id
    )
    rows = db.session.execute(opened.where(*_is_done(batch_id), AccessCode.is_open()))
    return [one for one, public_id in rows if one in drawn and drawn[one]["public_id"] == public_id]


def _keep_only(batch_id: int, students: Sequence[int]) -> None:
    """Set the outcome of all others to "changed": something else happened to them at the same moment."""
    done = db.session.scalars(select(BatchStudent.student_id).where(*_is_done(batch_id)))
    if others := set(done) - set(students):
        aside = update(BatchStudent).where(
            BatchStudent.batch_id == batch_id, BatchStudent.student_id.in_(others)
        )
        db.session.execute(aside.values(outcome=Outcome.CHANGED.value), execution_options=_UNSYNCHRONIZED)


def _is_done(batch_id: int) -> tuple[Any, ...]:
    return BatchStudent.batch_id == batch_id, BatchStudent.outcome == Outcome.DONE.value


#: Rows of these tables are not held as objects meanwhile.
_UNSYNCHRONIZED = {"synchronize_session": False}
