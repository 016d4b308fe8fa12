import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import clock, db, demo
from portal.crypto import passwords
from portal.demo import Cast, people
from portal.demo.district import year_of
from portal.demo.names import name_of
from portal.models import Account, Contact, Guardian, Network, Pairing, School, Student
from portal.policy.permissions import AccessLevel, NetworkLevel, Permission


@pytest.fixture
def home(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of this test's own as the portal's home."""
    settings = replace(app.extensions["settings"], home=tmp_path)
    monkeypatch.setitem(app.extensions, "settings", settings)
    return tmp_path


def test_the_district_is_one_network_with_three_schools(cast: Cast):
    assert cast.network.name == "Maple Valley Schools"
    assert db.session.scalars(select(School.name).order_by(School.id)).all() == [
        "Lincoln Elementary",
        "Riverside Middle",
        "Jefferson High",
    ]


def test_every_level_is_held_by_somebody(cast: Cast):
    levels = {person["level"] for person in people.people_of(cast) if person["kind"] == "staff"}

    assert levels == {level.label for level in (*AccessLevel, *NetworkLevel)}


def test_mia_has_two_guardians_and_a_code_that_works(cast: Cast):
    assert [pairing.guardian.given_name for pairing in cast.mia.live_pairings] == ["Grace", "Minh"]
    assert cast.mia.code.works_at(clock.now())


def test_noah_has_a_code_and_nobody_paired(cast: Cast):
    revoked = db.session.scalars(select(Pairing).filter_by(student_id=cast.noah.id)).one()

    assert revoked.guardian is cast.zoe
    assert cast.noah.live_pairings == []
    assert cast.noah.code.works_at(clock.now())


def test_the_codes_of_the_others_are_where_they_should_be(cast: Cast):
    assert cast.lucia.code is None
    assert not cast.emil.code.works_at(clock.now())
    assert cast.leo.left_at
    assert [cast.ines.live_pairings[0].guardian, cast.tomas.live_pairings[0].guardian] == [cast.rosa] * 2


def test_sam_sees_nothing_of_lincoln(cast: Cast):
    assert cast.sam.may(Permission.VIEW_STUDENT, cast.tomas)
    assert not cast.sam.may(Permission.VIEW_STUDENT, cast.mia)


def test_passwords_are_drawn_anew_and_open_the_account(cast: Cast):
    assert passwords.verify(cast.otto.password_hash, cast.password_of(cast.otto))
    assert cast.password_of(cast.otto) != cast.password_of(cast.ada)


@pytest.mark.parametrize(
    ("today", "year"),
    [("2026-11-22", 2027), ("2027-06-30", 2027), ("2027-07-01", 2028), ("2028-02-29", 2028)],
)
def test_the_school_year_contains_today_or_comes_next(today: str, year: int):
    assert year_of(date.fromisoformat(today)) == year


def test_prepare_builds_a_town_once_and_reads_its_people_back_afterwards(app: Flask, home: Path):
    people_at_first = demo.prepare(app)
    again = demo.prepare(app)

    assert again == people_at_first == json.loads((home / "people.json").read_text(encoding="utf-8"))
    assert (home / "people.json").stat().st_mode & 0o777 == 0o600
    assert count(Network) == 1


def test_the_town_has_hundreds_of_students_in_every_state(app: Flask):
    demo.build(crowd=True)
    students = db.session.scalars(select(Student)).unique().all()
    states = [
        (student.code is not None, bool(student.code and not student.code.works_at(clock.now())))
        for student in students
    ]

    assert 550 <= len(students) <= 650
    assert 0.4 < states.count((True, False)) / len(students) < 0.6
    assert 2 <= states.count((True, True)) <= 10
    assert 3 <= sum(student.left_at is not None for student in students) <= 15
    assert count(Guardian) > 100


def test_every_address_is_in_a_domain_that_nobody_has(app: Flask):
    demo.build(crowd=True)
    addresses = [*db.session.scalars(select(Account.email)), *db.session.scalars(select(Contact.email))]
    domains = {address.partition("@")[2] for address in addresses if address}

    assert domains == {"example.com", "example.net", "example.org"}


def test_without_its_list_of_people_the_demo_says_what_to_do(app: Flask, home: Path, cast: Cast):
    with pytest.raises(people.PasswordsMissing, match="Delete"):
        demo.prepare(app)


def test_names_are_of_many_kinds_and_mostly_unlike():
    names = [name_of(number) for number in range(600)]

    assert len(set(names)) > 550
    assert any(not name.family for name in names)
    assert max(len(f"{name.given} {name.family}") for name in names) > 80
    assert {name.language for name in names} >= {"ar", "en", "es", "vi", "zh"}


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0
