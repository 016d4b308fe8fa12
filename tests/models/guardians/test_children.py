"""What the pages of a guardian list of their children."""

import pytest
from sqlalchemy import text

from portal import db
from portal.models.guardians.children import children_of
from tests.statements import counted


def test_each_child_is_there_by_name_with_school_and_homeroom(cast):
    rosa = [tuple(child)[1:] for child in children_of(cast.rosa)]

    assert rosa == [
        (each.first_name, each.family_name, each.grade, each.school.name, each.homeroom.title, True)
        for each in (cast.ines, cast.tomas)
    ]


def test_a_guardian_of_nobody_has_none(grace):
    assert children_of(grace) == []


def test_the_database_looks_at_the_pairings_and_not_at_every_student(cast):
    if db.session.connection().dialect.name != "sqlite":
        pytest.skip("PostgreSQL plans by the size of the tables")
    with counted() as statements:
        children_of(cast.rosa)
    plan = db.session.execute(text(f"EXPLAIN QUERY PLAN {statements[-1].replace('?', '1')}")).all()

    of_students = [step.detail for step in plan if " students " in f"{step.detail} "]
    assert of_students == ["SEARCH students USING INTEGER PRIMARY KEY (rowid=?)"]
