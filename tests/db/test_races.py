"""Whoever comes at the same moment as others: real processes, real requests, and what holds after each round.

`--rounds 1000` for a long soak.
"""

import os
import signal
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from portal import db
from portal.config import Settings
from portal.crypto import signed_links
from portal.demo import Cast
from portal.models import AccessCode, Account, Guardian, Pairing, SignIn, Staff, Student, ThrottleCount
from portal.models.guardians.redemption import redeem
from portal.policy.permissions import Permission
from tests import elsewhere, rows
from tests.db.racing import PROCESSES, Racers, Request, application

RUNNERS = 8
LIMIT = 3


@pytest.fixture(scope="module")
def racers(settings: Settings) -> Iterator[Racers]:
    with Racers(settings, RUNNERS) as racers:
        yield racers


class Scene:
    """A student of Lincoln with a live code, eight guardians and the office, all signed in."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self.office = _signed_in(cast.otto)
        guardians = [rows.guardian(f"Grace{number} Race") for number in range(RUNNERS)]
        self.guardian_ids = [guardian.id for guardian in guardians]
        self.families = [_signed_in(guardian) for guardian in guardians]

    def enter(self, *, enabled: bool = True) -> Student:
        """The next student; nobody has guessed so far."""
        student = rows.student(self._cast.lincoln, guardian_limit=LIMIT)
        with db.writing():
            db.session.execute(delete(ThrottleCount))
            if enabled:
                AccessCode.enable(student, by=self._cast.otto)
        return student

    def pair_first(self, *students: Student) -> None:
        """The first guardian is paired with these already."""
        first = db.session.get_one(Guardian, self.guardian_ids[0])
        with db.writing():
            redeem([self._cast.code_of(student) for student in students], by=first, address=rows.ADDRESS)

    def enable(self, student: Student) -> Request:
        return Request(f"/students/{student.public_id}/access-code", {}, self.office)

    def reset(self, student: Student) -> Request:
        path = f"/students/{student.public_id}/access-code/reset"
        return Request(path, {"seen": student.code.public_id}, self.office)

    def revoke(self, student: Student) -> Request:
        pairing = student.live_pairings[0].public_id
        fields = {"pairings": pairing, "reason": "moved_away"}
        return Request(f"/pairings/{pairing}/revocation", fields, self.office)

    def restrict(self, student: Student, who: int) -> Request:
        email = db.session.get_one(Guardian, self.guardian_ids[who]).email
        fields = {"person": "else", "email": email, "reason": "So it is decided.", "first_day": "2020-01-01"}
        return Request(
            f"/students/{student.public_id}/restrictions/new", fields | {"replaces_code": "y"}, self.office
        )

    def sees(self, who: int, student: Student) -> bool:
        db.session.rollback()
        db.session.expire_all()
        return db.session.get_one(Guardian, self.guardian_ids[who]).may(Permission.VIEW_CHILD, student)

    def redeem(self, who: int, *students: Student) -> Request:
        typed = "\n".join(self._cast.code_of(student) for student in students)
        return Request("/join/student", {}, self.families[who], before=("/join", {"code": typed}))

    def sign_up(self, student: Student, email: str) -> Request:
        code = self._cast.code_of(student)
        fields = {"code": code, "email": email, "given_name": "Noor", "password": "four otters upstream"}
        return Request("/join/account", fields, before=("/join", {"code": code}))

    def confirm(self, who: int, email: str) -> Request:
        guardian = db.session.get_one(Guardian, self.guardian_ids[who])
        claims = {"account": guardian.public_id, "email": email}
        link = signed_links.make(signed_links.EMAIL_CHECK, claims)
        return Request(f"/email/confirm/{link}", {}, self.families[who])


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return Scene(cast)


def test_eight_staff_enable_at_once_and_there_is_one_code(racers: Racers, scene: Scene, rounds: int):
    for _round in range(rounds):
        student = scene.enter(enabled=False)

        answers = racers.race([scene.enable(student)] * RUNNERS)

        assert [answer.status for answer in answers] == [303] * RUNNERS
        assert len(codes_of(student)) == 1


def test_eight_guardians_redeem_one_code_and_as_many_are_paired_as_may_be(
    racers: Racers, scene: Scene, rounds: int
):
    for _round in range(rounds):
        student = scene.enter()

        answers = racers.race([scene.redeem(who, student) for who in range(RUNNERS)])

        assert sorted(answer.status for answer in answers) == [303] * LIMIT + [422] * (RUNNERS - LIMIT)
        assert len(set(paired_with(student))) == LIMIT == len(paired_with(student))


def test_the_same_guardian_eight_times_is_paired_once(racers: Racers, scene: Scene, rounds: int):
    for _round in range(rounds):
        student = scene.enter()

        answers = racers.race([scene.redeem(0, student)] * RUNNERS)

        assert [answer.goes_to for answer in answers] == ["/family"] * RUNNERS
        assert len(paired_with(student)) == 1


def test_redeeming_while_the_code_is_reset_and_enabled(racers: Racers, scene: Scene, rounds: int):
    for _round in range(rounds):
        student = scene.enter()
        old = student.code.public_id
        guardians = [scene.redeem(who, student) for who in range(4)]

        answers = racers.race([*guardians, *[scene.reset(student)] * 2, *[scene.enable(student)] * 2])

        assert sorted(answer.status for answer in answers[4:6]) == [303, 422]
        assert [answer.status for answer in answers[6:]] == [303, 303]
        assert [code.public_id for code in codes_of(student)].index(old) == 0
        assert len(codes_of(student)) == 2
        assert_pairings_were_told(student, answers[:4])


def test_redeeming_while_another_guardian_is_revoked(racers: Racers, scene: Scene, rounds: int):
    for _round in range(rounds):
        student = scene.enter()
        scene.pair_first(student)
        revoked, others = paired_with(student), [scene.redeem(who, student) for who in range(1, 6)]

        answers = racers.race([*others, *[scene.revoke(student)] * 3])

        assert {answer.status for answer in answers[5:]} <= {303, 404}
        assert 303 in {answer.status for answer in answers[5:]}
        assert not set(revoked) & set(paired_with(student))
        assert len(codes_of(student)) == 2
        assert_pairings_were_told(student, answers[:5])


def test_redeeming_while_that_guardian_is_restricted(racers: Racers, scene: Scene, rounds: int):
    for _round in range(rounds):
        student = scene.enter()
        guardians = [scene.redeem(0, student)] * 3 + [scene.redeem(1, student)] * 2

        answers = racers.race([*guardians, *[scene.restrict(student, 0)] * 3])

        assert sorted(answer.status for answer in answers[5:]) == [303, 422, 422]
        assert not scene.sees(0, student)
        assert len(codes_of(student)) == 2
        for who, told in ((0, answers[:3]), (1, answers[3:5])):
            is_told = any(answer.goes_to == "/family" for answer in told)
            assert is_told == (scene.guardian_ids[who] in paired_with(student))


def test_siblings_in_any_order_stand_in_nobodys_way(racers: Racers, scene: Scene, rounds: int):
    for _round in range(rounds):
        older, younger = scene.enter(), scene.enter()
        scene.pair_first(older, younger)
        orders = [(older, younger), (younger, older)]
        families = [scene.redeem(who, *orders[who % 2]) for who in range(1, 5)]

        answers = racers.race(
            [*families, scene.reset(older), scene.reset(younger), *map(scene.revoke, orders[0])]
        )

        assert {answer.status for answer in answers} <= {303, 422}
        assert set(paired_with(older)) == set(paired_with(younger))
        assert_pairings_were_told(older, answers[:4])


def test_eight_sign_ups_with_one_email_make_one_account(racers: Racers, scene: Scene, rounds: int):
    for number in range(rounds):
        student, email = scene.enter(), f"noor{number}@example.com"

        answers = racers.race([scene.sign_up(student, email)] * RUNNERS)

        assert sorted(answer.goes_to for answer in answers) == ["/family"] + ["/sign-in"] * (RUNNERS - 1)
        assert elsewhere.read("SELECT count(*) FROM accounts WHERE email = :email", email=email) == 1
        assert len(paired_with(student)) == 1


def test_an_email_that_several_confirm_belongs_to_one_of_them(racers: Racers, scene: Scene, rounds: int):
    for number in range(rounds):
        email = f"shared{number}@example.com"

        answers = racers.race([scene.confirm(who, email) for who in range(RUNNERS)])

        assert sorted(answer.status for answer in answers) == [303] + [422] * (RUNNERS - 1)
        assert elsewhere.read("SELECT count(*) FROM accounts WHERE email = :email", email=email) == 1


def test_what_was_acknowledged_before_a_process_was_killed_is_stored(
    app: Flask, settings: Settings, cast: Cast, rounds: int
):
    for _kill in range(max(1, rounds // 10)):
        family = [rows.student(cast.lincoln).id for _sibling in range(3)]
        acknowledged = acknowledged_until_killed(settings, family, by=cast.otto.id)
        stored = [[code.public_id for code in codes_of(db.session.get_one(Student, one))] for one in family]

        assert acknowledged
        assert set(acknowledged) <= {public_id for each in stored for public_id in each}
        assert len({len(each) for each in stored}) == 1, "half a transaction is stored"
        assert elsewhere.read(HEALTH[db.db.engine.dialect.name]) in ("ok", 1)
        with db.writing():
            AccessCode.enable(db.session.get_one(Student, family[0]), by=cast.otto)


#: What the database says about itself; PostgreSQL has nothing to ask, so only that it answers.
HEALTH = {"sqlite": "PRAGMA integrity_check", "postgresql": "SELECT 1"}


def acknowledged_until_killed(settings: Settings, family: list[int], *, by: int) -> list[str]:
    """Two processes replace the codes of a family again and again, until they are killed while writing."""
    line, far_end = PROCESSES.Pipe(duplex=False)
    writers = [PROCESSES.Process(target=write, args=(settings, family, by, far_end)) for _writer in range(2)]
    for writer in writers:
        writer.start()
    far_end.close()
    acknowledged = [public_id for _time in range(10) for public_id in line.recv()]
    for writer in writers:
        os.kill(writer.pid or 0, signal.SIGKILL)
        writer.join()
    return acknowledged + list(rest_of(line))


def write(settings: Settings, family: list[int], by: int, line: Connection) -> None:
    """One transaction for all of them, acknowledged only after it is over."""
    with application(settings).app_context():
        while True:
            with db.writing():
                office = db.session.get_one(Staff, by)
                siblings = [db.session.get_one(Student, sibling) for sibling in family]
                codes = [AccessCode.replace(sibling, by=office).public_id for sibling in siblings]
            line.send(codes)


def rest_of(line: Connection) -> Iterator[str]:
    """What was acknowledged before the end but not yet heard."""
    try:
        while True:
            yield from line.recv()
    except EOFError:
        return


def codes_of(student: Student) -> list[AccessCode]:
    """In the order they were made; of those at most the last is open."""
    db.session.rollback()
    stored = select(AccessCode).filter_by(student_id=student.id).order_by(AccessCode.id)
    codes = list(db.session.scalars(stored.execution_options(populate_existing=True)))
    assert all(code.ended_at for code in codes[:-1])
    return codes


def paired_with(student: Student) -> list[int]:
    db.session.rollback()
    live = select(Pairing.guardian_id).where(Pairing.student_id == student.id, Pairing.revoked_at.is_(None))
    return list(db.session.scalars(live))


def assert_pairings_were_told(student: Student, answers: list[Any]) -> None:
    """Of those who redeemed, each is paired who was told so, and nobody else."""
    assert {answer.status for answer in answers} <= {303, 422}
    told = [answer for answer in answers if answer.goes_to == "/family"]
    assert len(paired_with(student)) == len(told) <= LIMIT


def _signed_in(account: Account) -> str:
    with db.writing():
        return SignIn.start(account, browser="Test", address=rows.ADDRESS).token
