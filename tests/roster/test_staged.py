"""A roster is compared while others write, and holds them up only to write what differs."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from portal import db
from portal.db import Refused
from portal.models import Event, Guardian, Membership, Staff, Student
from portal.policy.permissions import AccessLevel
from portal.roster.apply import StagedRoster, apply
from portal.roster.importer import Importer
from tests import rows
from tests.roster.bundles import USERS, as_folder, bundle, without
from tests.roster.stored import everything, the
from tests.statements import counted

Stage = Callable[[Mapping[str, str | bytes]], StagedRoster]


@pytest.fixture
def staged(app: Flask, tmp_path: Path) -> Iterator[Stage]:
    """Compare files with what is stored now, as the operator; each call is another roster."""
    made: list[StagedRoster] = []

    def stage(files: Mapping[str, str | bytes]) -> StagedRoster:
        made.append(StagedRoster(as_folder(tmp_path / str(len(made)), files), Importer.operator()))
        return made[-1]

    yield stage
    for roster in made:
        roster.close()


@contextmanager
def somebody_writing() -> Iterator[None]:
    found = db.beside()
    if found is None:
        pytest.skip("on PostgreSQL nobody waits for another's transaction")
    with found.lock.held():
        yield


def test_it_is_compared_while_somebody_else_writes(staged: Stage):
    with somebody_writing():
        roster = staged(bundle())
    with db.writing():
        roster.write()

    assert the(Student, "mia").given_name == "Mia"


def test_writing_it_reads_no_table_of_students(staged: Stage):
    roster = staged(bundle())
    with counted() as statements, db.writing():
        roster.write()

    selects = [each for each in statements if each.lstrip().upper().startswith("SELECT")]
    assert not [each for each in selects if "FROM students" in each and "max(" not in each]


def test_nothing_is_stored_before_it_is_written(staged: Stage):
    before = everything()
    staged(bundle())
    db.session.rollback()

    assert everything() == before


def test_ids_that_others_have_taken_meanwhile_are_left_to_them(staged: Stage):
    roster = staged(bundle())
    kim = rows.guardian("Kim Sullivan")
    with db.writing():
        roster.write()

    assert db.session.scalar(select(Guardian.email).where(Guardian.id == kim.id)) == kim.email
    ada = the(Staff, "ada")
    schools = select(func.count()).select_from(Membership).where(Membership.staff_id == ada.id)
    assert db.session.scalar(schools) == 1
    created = select(Event.about_id).where(Event.kind == "account created", Event.about_id == ada.id)
    assert db.session.scalar(created) == ada.id


def test_of_two_compared_at_the_same_time_the_second_comes_after_the_first(staged: Stage):
    first = staged(bundle())
    second = staged(bundle(users=USERS.replace("Mia,", "Maya,")))
    for roster in (first, second):
        with db.writing():
            done = roster.write()

    assert (the(Student, "mia").given_name, done.counts["students"]["new"]) == ("Maya", 0)
    assert db.session.scalar(select(func.count()).select_from(Student)) == 2


def test_who_was_added_by_hand_meanwhile_is_recognised(staged: Stage):
    roster = staged(bundle())
    with db.writing():
        db.session.add(Staff(given_name="Ada", family_name="Byron", email="ada@riverbend.example"))
    apply_now(roster)

    found = select(Staff.source_id).where(Staff.email == "ada@riverbend.example")
    assert db.session.scalars(found).all() == ["ada"]


def test_too_many_gone_by_now_is_refused(staged: Stage):
    apply_now(staged(bundle()))
    smaller = bundle(users=without(USERS, "noah"))
    with pytest.raises(Refused):
        staged(smaller)


def test_who_loses_the_right_meanwhile_changes_nothing(app: Flask, tmp_path: Path, staged: Stage):
    apply_now(staged(bundle()))
    otto = rows.staff(the(Student, "mia").school, AccessLevel.SCHOOL_ADMIN)
    news = bundle(users=USERS.replace("Mia,", "Maya,"))
    roster = StagedRoster(as_folder(tmp_path / "news", news), Importer.by(otto))
    with db.writing():
        level = update(Membership).where(Membership.staff_id == otto.id)
        db.session.execute(level.values(level=AccessLevel.NO_ACCESS.value))
    with closing(roster):
        apply_now(roster)

    assert the(Student, "mia").given_name == "Mia"


def test_what_fails_while_it_is_written_leaves_nothing_behind(staged: Stage, monkeypatch: pytest.MonkeyPatch):
    before = everything()
    roster = staged(bundle())
    monkeypatch.setattr("portal.roster.apply.ImportSummary.of", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError), db.writing():
        roster.write()

    assert everything() == before


def test_the_same_roster_again_writes_no_row(staged: Stage, tmp_path: Path):
    apply(as_folder(tmp_path / "first", bundle()), Importer.operator())
    again = staged(bundle())
    with counted() as statements, db.writing():
        again.write()

    assert not [each for each in statements if each.lstrip().startswith("UPDATE")]


def apply_now(roster: StagedRoster) -> None:
    with db.writing():
        roster.write()
