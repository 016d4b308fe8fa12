"""Point people and supports, when several staff act at the same moment: real processes, real requests.

`--rounds 1000` for a long soak.
"""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from portal import db
from portal.config import Settings
from portal.demo import Cast
from portal.models import Event, EventKind, PointPerson, SignIn, Student, Support, SupportStudent
from tests import rows
from tests.db.racing import Racers, Request

RUNNERS = 4


@pytest.fixture(scope="module")
def racers(settings: Settings) -> Iterator[Racers]:
    with Racers(settings, RUNNERS) as racers:
        yield racers


@pytest.fixture
def office(cast: Cast) -> str:
    """The sign-in of whoever acts; all runners share it."""
    with db.writing():
        return SignIn.start(cast.otto, browser="Test", address=rows.ADDRESS).token


def test_of_those_who_appoint_different_people_at_once_one_stays(
    racers: Racers, cast: Cast, office: str, rounds: int
):
    chosen = [cast.ada, cast.delia, cast.otto, cast.hana]
    for _round in range(rounds):
        student = rows.student(cast.lincoln)
        path = f"/students/{student.public_id}/point-people/credits"

        answers = racers.race([Request(path, {"staff": staff.public_id}, office) for staff in chosen])

        assert [answer.status for answer in answers] == [303] * RUNNERS
        assert live(PointPerson, student) == 1
        assert told(EventKind.POINT_PERSON_APPOINTED, student) == RUNNERS


def test_of_those_who_add_one_student_at_once_one_does(racers: Racers, cast: Cast, office: str, rounds: int):
    support = rows.support_led_by(cast.ada, cast.mia)
    for _round in range(rounds):
        student = rows.student(cast.lincoln)
        path = f"/supports/{support.public_id}/students"

        answers = racers.race([Request(path, {"students": student.public_id}, office)] * RUNNERS)

        assert [answer.status for answer in answers] == [303] * RUNNERS
        assert live(SupportStudent, student) == 1
        assert told(EventKind.ADDED_TO_SUPPORT, student) == 1


def test_of_those_who_end_a_support_at_once_one_is_its_author(
    racers: Racers, cast: Cast, office: str, rounds: int
):
    for _round in range(rounds):
        support = rows.support_led_by(cast.ada, cast.mia)

        answers = racers.race([Request(f"/supports/{support.public_id}/end", {}, office)] * RUNNERS)

        db.session.rollback()
        assert [answer.status for answer in answers] == [303] * RUNNERS
        assert db.session.get_one(Support, support.id, populate_existing=True).ended_by_id == cast.otto.id
        ended = select(Event).where(
            Event.kind == EventKind.SUPPORT_ENDED.value, Event.account_id == cast.otto.id
        )
        assert [event.details["support"] for event in db.session.scalars(ended)].count(support.id) == 1


def test_of_those_who_change_a_support_at_once_one_does(racers: Racers, cast: Cast, office: str, rounds: int):
    leads = [cast.delia, cast.otto, cast.hana, cast.carl]
    for _round in range(rounds):
        support = rows.support_led_by(cast.ada, cast.mia)
        agreed = {"name": "Reading", "category": "other", "first_day": "2026-11-16", "seen": "1"}
        path = f"/supports/{support.public_id}/edit"

        answers = racers.race([Request(path, agreed | {"lead": staff.public_id}, office) for staff in leads])

        db.session.rollback()
        assert sorted(answer.status for answer in answers) == [303] + [422] * (RUNNERS - 1)
        assert db.session.get_one(Support, support.id, populate_existing=True).versions == 2


def live(model: type[PointPerson] | type[SupportStudent], student: Student) -> int:
    """How many rows about the student nobody has ended."""
    db.session.rollback()
    counted = select(func.count()).select_from(model).where(model.student_id == student.id)
    return db.session.scalars(counted.where(model.ended_at.is_(None))).one()


def told(kind: EventKind, student: Student) -> int:
    """How many events of that kind there are about the student."""
    counted = select(func.count()).select_from(Event).where(Event.student_id == student.id)
    return db.session.scalars(counted.where(Event.kind == kind.value)).one()
