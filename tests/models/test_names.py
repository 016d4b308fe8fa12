"""Names of people: the database and Python put them together alike, also the odd ones."""

from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from portal import db
from portal.models import Account, Contact, Guardian, Staff, Student
from portal.text.names import full_name, initials
from tests import rows

NAMES = some.text(some.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_name=NAMES, family_name=NAMES, preferred_name=some.none() | NAMES)
@example(given_name="Madonna", family_name="", preferred_name=None)
@example(given_name="Mia", family_name="Nguyễn", preferred_name="")
@example(given_name="", family_name="Okafor", preferred_name="Ọla")
@example(given_name=" Mia\u00a0", family_name="\u2003", preferred_name=" ")
def test_sql_and_python_agree(
    app: Flask, database: Any, given_name: str, family_name: str, preferred_name: str | None
):
    database.restore("empty")
    names = {"given_name": given_name, "family_name": family_name}
    school = rows.school()
    student = rows.stored(Student(school_id=school.id, preferred_name=preferred_name, **names))
    people = [
        student,
        rows.stored(Contact(student_id=student.id, **names)),
        rows.stored(Guardian(email="grace@home.example", **names)),
        rows.stored(Staff(email="otto@school.example", **names)),
    ]

    for person in people:
        model = type(person)
        told = db.session.execute(select(model.first_name, model.name).where(model.id == person.id)).one()
        assert tuple(told) == (person.first_name, person.name)
    assert student.first_name == (preferred_name or given_name)


@pytest.mark.parametrize(
    ("first", "family", "name"),
    [("Mia", "Sullivan", "Mia Sullivan"), ("Madonna", "", "Madonna"), ("", "Cher", "Cher")],
)
def test_a_single_name_gets_no_blank(first: str, family: str, name: str):
    assert full_name(first, family) == name


def test_an_alias_of_a_person_has_a_name_too(app: Flask, database: Any):
    author = aliased(Account)
    rows.guardian("Grace Sullivan")

    named = select(author.name, func.count()).where(author.name == "Grace Sullivan").group_by(author.name)

    assert db.session.execute(named).one() == ("Grace Sullivan", 1)


def test_initials_stand_for_names_before_pairing():
    assert initials("mia", "Sullivan") == "M. S."
    assert initials("Madonna", "") == "M."
