"""Where students stand with guardians: SQL, Python and plain sense agree, in whatever district."""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import select

from portal import clock, db
from portal.models import AccessCode, Guardian, Pairing, School, Student
from portal.models.codes.family_status import (
    RANKED,
    FamilyStatus,
    StatusChoice,
    has_working_code,
    is_enabled,
    status_rank,
    with_codes,
    working_code,
)
from portal.models.guardians.pairing import guardian_count
from portal.web.badges import BADGES
from tests import rows

#: The last moment of the year of both schools, where they are: New York is five hours ahead of Honolulu.
LAST_EVENING = datetime(2027, 6, 27, 3, 59, 59, tzinfo=UTC)
MOMENTS = some.sampled_from(
    [
        LAST_EVENING - timedelta(days=30),
        LAST_EVENING,
        LAST_EVENING + timedelta(seconds=1),
        LAST_EVENING + timedelta(hours=6),
        LAST_EVENING + timedelta(days=400),
    ]
)


class Child(NamedTuple):
    school: int
    #: How many years the code's year is ahead of the one that runs; none without an open code.
    code: int | None
    #: Codes that ended before.
    former: int
    paired: int
    revoked: int
    has_left: bool


CHILDREN = some.builds(
    Child,
    school=some.integers(0, 1),
    code=some.sampled_from([None, 0, 0, -1, 7]),
    former=some.integers(0, 2),
    paired=some.integers(0, 2),
    revoked=some.integers(0, 1),
    has_left=some.sampled_from([False, False, True]),
)


def sense(child: Child, at: datetime, ends: list[datetime]) -> FamilyStatus:
    """The rules once more."""
    if child.has_left:
        return FamilyStatus.LEFT
    if child.paired:
        return FamilyStatus.PAIRED
    if child.code is None:
        return FamilyStatus.NOT_ENABLED
    return FamilyStatus.WAITING if child.code == 0 and at < ends[child.school] else FamilyStatus.EXPIRED


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(children=some.lists(CHILDREN, min_size=1, max_size=8), at=MOMENTS)
def test_sql_and_python_agree(app: Flask, database: Any, now: Any, children: list[Child], at: datetime):
    database.restore("empty")
    students, ends = _district(children)
    expected = {student.id: sense(child, at, ends) for student, child in zip(students, children, strict=True)}

    in_sql = db.session.execute(with_codes(select(Student.id, status_rank(at))))
    enabled = db.session.scalars(
        select(Student.id).where(Student.is_enrolled(), is_enabled(has_working_code(at), guardian_count()))
    )

    assert {student_id: RANKED[rank] for student_id, rank in in_sql} == expected
    assert set(enabled) == {each for each, status in expected.items() if status in ("waiting", "paired")}
    assert _in_python(at) == expected
    for student in students:
        _agrees_about_the_code(student, at)
    for choice in StatusChoice:
        found = set(db.session.scalars(select(Student.id).where(choice.criterion(at))))
        assert found == {
            student.id
            for student, child in zip(students, children, strict=True)
            if _is_meant(choice, expected[student.id], child)
        }


def _in_python(at: datetime) -> dict[int, FamilyStatus]:
    columns = (Student.id, Student.is_enrolled(), AccessCode.id, AccessCode.expires_at, guardian_count())
    return {
        student_id: FamilyStatus.of_code(
            is_enrolled=is_enrolled, has_code=code_id is not None, expires_at=expires_at, at=at
        ).with_guardians(guardians)
        for student_id, is_enrolled, code_id, expires_at, guardians in db.session.execute(
            with_codes(select(*columns))
        )
    }


def _agrees_about_the_code(student: Student, at: datetime) -> None:
    asked = select(has_working_code(at), guardian_count()).where(Student.id == student.id)
    works, guardians = db.session.execute(asked).one()

    assert bool(student.code and student.code.works_at(at)) == bool(works)
    assert bool(working_code(student, at)) == (works and student.is_enrolled())
    assert guardians == len(student.live_pairings)


def _is_meant(choice: StatusChoice, status: FamilyStatus, child: Child) -> bool:
    match choice:
        case StatusChoice.NO_CODE:
            return status in (FamilyStatus.NOT_ENABLED, FamilyStatus.EXPIRED)
        case StatusChoice.UNPAIRED:
            return status not in (FamilyStatus.PAIRED, FamilyStatus.LEFT)
        case StatusChoice.ENABLED:
            return status in (FamilyStatus.PAIRED, FamilyStatus.WAITING)
        case StatusChoice.ONE_GUARDIAN:
            return not child.has_left and child.paired == 1
        case _:
            return status == choice.value


def _district(children: list[Child]) -> tuple[list[Student], list[datetime]]:
    """The students, and when the year of each school is over."""
    zones = ("America/New_York", "Pacific/Honolulu")
    schools = [rows.school(f"School {n}", time_zone=zone) for n, zone in enumerate(zones)]
    offices = [rows.staff(school, name=f"Office{n} Berg") for n, school in enumerate(schools)]
    guardians = [rows.guardian(f"Grace{n} Berg") for n in range(3)]
    students = []
    for number, child in enumerate(children):
        student = rows.student(schools[child.school], f"Mia{number} Berg")
        with db.writing():
            _live_through(student, child, offices[child.school], guardians)
        students.append(student)
    db.session.expire_all()
    return students, [_end_of(school) for school in schools]


def _end_of(school: School) -> datetime:
    end: datetime = school.year.ends_at  # type: ignore[union-attr]
    return end


def _live_through(student: Student, child: Child, office: Any, guardians: list[Guardian]) -> None:
    code = AccessCode.enable(student, by=office)
    for _former in range(child.former):
        code = AccessCode.replace(student, by=office)
    pairings = [
        Pairing(student_id=student.id, guardian_id=who.id, access_code_id=code.id)
        for who in guardians[: child.paired + child.revoked]
    ]
    for pairing in pairings[child.paired :]:
        pairing.revoked_at = clock.now()
    db.session.add_all(pairings)
    if child.code is None:
        code.close(by=office)
    else:
        code.year += child.code
    student.left_at = clock.now() if child.has_left else None


@pytest.mark.parametrize("status", FamilyStatus)
def test_each_status_has_a_word_and_a_badge(app: Flask, status: FamilyStatus):
    assert status.label
    assert BADGES[FamilyStatus][status].words == status.label


@pytest.mark.parametrize("choice", StatusChoice)
def test_each_choice_has_a_word(app: Flask, choice: StatusChoice):
    assert choice.label


@pytest.mark.parametrize("states", BADGES, ids=lambda states: states.__name__)
def test_every_state_has_a_badge(states: Any):
    assert set(BADGES[states]) == set(states)
