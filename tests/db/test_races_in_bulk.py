"""Several people at work on the same school at the same moment: real processes, as in test_races.py."""

from collections import Counter
from collections.abc import Iterator
from multiprocessing.connection import Connection

import pytest
from sqlalchemy import delete, func, select

from portal import db
from portal.config import Settings
from portal.demo import Cast
from portal.models import AccessCode, Batch, BatchStudent, Event, EventKind, SignIn, Staff, Student
from portal.models.codes.bulk import make_codes
from portal.models.codes.outcome import Act, Outcome
from portal.models.students.filter import StudentFilter
from portal.models.students.selection import Selection
from tests import rows
from tests.db.racing import PROCESSES, Racers, Request, application

RUNNERS, STUDENTS = 4, 5


@pytest.fixture(scope="module")
def racers(settings: Settings) -> Iterator[Racers]:
    with Racers(settings, RUNNERS) as racers:
        yield racers


@pytest.fixture
def office(cast: Cast) -> str:
    """Otto, signed in."""
    with db.writing():
        return SignIn.start(cast.otto, browser="Test", address=rows.ADDRESS).token


def confirmed(cast: Cast, office: str, act: Act, students: list[Student]) -> Request:
    """A batch of its own, planned already and to be confirmed."""
    ids = [student.public_id for student in students]
    with db.writing():
        batch = Batch.plan(act, Selection.of(StudentFilter(), ids=ids, everyone=False), by=cast.otto)
    return Request(f"/portal-access/batches/{batch.public_id}", {}, office)


def test_two_batches_and_two_single_staff_enable_the_same_students(
    racers: Racers, cast: Cast, office: str, rounds: int
):
    for _round in range(rounds):
        students = [rows.student(cast.lincoln) for _student in range(STUDENTS)]
        batches = [confirmed(cast, office, Act.ENABLE, students[::way]) for way in (1, -1)]
        singly = [Request(f"/students/{each.public_id}/access-code", {}, office) for each in students[:2]]

        answers = racers.race([*batches, *singly])

        assert [answer.status for answer in answers] == [303] * RUNNERS
        assert [len(open_codes(student)) for student in students] == [1] * STUDENTS
        assert all_codes(students) == STUDENTS == recorded(EventKind.CODE_ENABLED, students)
        assert outcomes().keys() <= {Outcome.DONE, Outcome.HAD_CODE}


def test_four_batches_reset_the_same_students(racers: Racers, cast: Cast, office: str, rounds: int):
    """Each gives everybody a new code, one after the other; nobody is ever left with two or none."""
    for _round in range(rounds):
        students = [rows.student(cast.lincoln) for _student in range(STUDENTS)]
        for student in students:
            rows.enabled(student, cast.otto)

        answers = racers.race(
            [confirmed(cast, office, Act.RESET, students[:: (1, -1)[n % 2]]) for n in range(RUNNERS)]
        )

        assert [answer.status for answer in answers] == [303] * RUNNERS
        assert [len(open_codes(student)) for student in students] == [1] * STUDENTS
        assert outcomes() == {Outcome.DONE: RUNNERS * STUDENTS}
        assert all_codes(students) == (RUNNERS + 1) * STUDENTS


def open_codes(student: Student) -> list[int]:
    db.session.rollback()
    is_open = (AccessCode.student_id == student.id, AccessCode.ended_at.is_(None))
    return list(db.session.scalars(select(AccessCode.id).where(*is_open)))


def all_codes(students: list[Student]) -> int:
    of_these = AccessCode.student_id.in_([student.id for student in students])
    return db.session.scalars(select(func.count()).where(of_these)).one()


def recorded(kind: EventKind, students: list[Student]) -> int:
    about = Event.student_id.in_([student.id for student in students])
    return db.session.scalars(select(func.count()).where(Event.kind == kind.value, about)).one()


def outcomes() -> Counter[str]:
    """What became of everybody in all batches of this round."""
    counts = Counter(db.session.scalars(select(BatchStudent.outcome)))
    with db.writing():
        db.session.execute(delete(BatchStudent))
    return counts


def test_a_batch_killed_on_the_way_is_done_or_was_never_begun(settings: Settings, cast: Cast, rounds: int):
    for kill in range(max(3, rounds // 5)):
        students = [rows.student(cast.lincoln) for _student in range(20)]
        confirmed(cast, "", Act.ENABLE, students)
        batch_id = db.session.scalars(select(func.max(Batch.id))).one()
        line, far_end = PROCESSES.Pipe(duplex=False)
        process = PROCESSES.Process(target=enable, args=(settings, batch_id, cast.otto.id, far_end))
        process.start()
        line.recv()
        process.join(kill * 0.004)  # so that it dies earlier or later on its way
        process.kill()
        process.join()
        db.session.rollback()
        db.session.expire_all()

        made, is_done = all_codes(students), db.session.get_one(Batch, batch_id).done_at is not None
        make_codes(db.session.get_one(Batch, batch_id), by=cast.otto)

        assert made == (len(students) if is_done else 0)
        assert all_codes(students) == len(students) == recorded(EventKind.CODE_ENABLED, students)


def enable(settings: Settings, batch_id: int, by: int, line: Connection) -> None:
    """In a process of its own, which says when it begins."""
    with application(settings).app_context():
        batch, office = db.session.get_one(Batch, batch_id), db.session.get_one(Staff, by)
        line.send("begins")
        make_codes(batch, by=office)
