"""Admins who change levels at the same moment: one of them comes late, and no school is left without an admin."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select, update

from portal import db
from portal.config import Settings
from portal.demo import Cast
from portal.models import Event, EventKind, Membership, SignIn, Staff
from portal.models.users.level_change import block
from portal.policy.permissions import AccessLevel
from tests import rows
from tests.db.racing import Racers, Request
from tests.views.staff_room import USERS, at_work, level_of

ADMIN, EDITOR = AccessLevel.DELEGATED_ADMIN.value, AccessLevel.SCHOOL_WIDE_EDITOR.value


@pytest.fixture(scope="module")
def racers(settings: Settings, _district: Cast) -> Iterator[Racers]:
    with Racers(settings, 2) as running:
        yield running


def signed_in(staff: Staff) -> str:
    with db.writing():
        return SignIn.start(staff, browser="Test", address=rows.ADDRESS).token


def put_back(*levels: tuple[Membership, str]) -> None:
    with db.writing():
        for row, level in levels:
            db.session.execute(update(Membership).where(Membership.id == row.id).values(level=level))


def change(row: Membership, level: str, *, seen: str, by: str) -> Request:
    return Request(f"{USERS}/{row.public_id}", {"level": level, "seen": seen}, by)


def test_of_two_who_lower_each_other_one_remains(racers: Racers, cast: Cast, rounds: int):
    with db.writing():
        block(at_work(cast.hana))
    first, second = at_work(cast.delia), at_work(cast.otto)
    for _round in range(rounds):
        put_back((first, ADMIN), (second, ADMIN))
        tokens = signed_in(cast.delia), signed_in(cast.otto)

        answers = racers.race(
            [
                change(second, "no_access", seen=ADMIN, by=tokens[0]),
                change(first, "no_access", seen=ADMIN, by=tokens[1]),
            ]
        )

        db.session.rollback()
        assert sorted([level_of(cast.delia), level_of(cast.otto)]) == [ADMIN, "no_access"]
        assert [answer.status for answer in answers].count(303) >= 1
        assert {answer.status for answer in answers} <= {303, 422}, "nobody meets an error page"


def test_of_two_batches_that_lower_each_other_one_is_refused(racers: Racers, cast: Cast, rounds: int):
    with db.writing():
        block(at_work(cast.hana))
    first, second = at_work(cast.delia), at_work(cast.otto)
    path = f"{USERS}/level-changes/new"
    for _round in range(rounds):
        put_back((first, ADMIN), (second, ADMIN))
        tokens = signed_in(cast.delia), signed_in(cast.otto)

        racers.race(
            [
                Request(path, {"level": "caseload_viewer", "ids": second.public_id}, tokens[0]),
                Request(path, {"level": "caseload_viewer", "ids": first.public_id}, tokens[1]),
            ]
        )

        db.session.rollback()
        assert sorted([level_of(cast.delia), level_of(cast.otto)]) == ["caseload_viewer", ADMIN]


def test_of_two_who_change_the_same_person_one_is_told(racers: Racers, cast: Cast, rounds: int):
    person = at_work(cast.vera)
    tokens = signed_in(cast.hana), signed_in(cast.delia)
    for number in range(rounds):
        put_back((person, EDITOR))

        answers = racers.race(
            [
                change(person, "caseload_viewer", seen=EDITOR, by=tokens[0]),
                change(person, "caseload_editor", seen=EDITOR, by=tokens[1]),
            ]
        )

        db.session.rollback()
        assert sorted(answer.status for answer in answers) == [303, 422]
        assert level_of(cast.vera) in {"caseload_viewer", "caseload_editor"}
        changes = select(func.count(Event.id)).where(Event.kind == EventKind.LEVEL_CHANGED.value)
        assert db.session.scalar(changes.where(Event.about_id == cast.vera.id)) == number + 1


def test_of_two_who_add_the_same_person_one_is_told(racers: Racers, cast: Cast, rounds: int):
    tokens = signed_in(cast.hana), signed_in(cast.delia)
    for number in range(rounds):
        fields = {
            "given_name": "Ruth", "email": f"ruth{number}@example.org", "level": "caseload_viewer", "is_trusted": "y",
        }  # fmt: skip

        answers = racers.race([Request(f"{USERS}/new/trusted-status", fields, token) for token in tokens])

        db.session.rollback()
        assert sorted(answer.status for answer in answers) == [303, 422]
        same = select(func.count(Staff.id)).where(Staff.email == fields["email"])
        assert db.session.scalar(same) == 1
