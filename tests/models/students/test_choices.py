"""What filters offer is kept in a process, and is nevertheless right on the very next request, whoever wrote."""

import pytest
from sqlalchemy import select, text

from portal import clock, db
from portal.db import Refused
from portal.demo import Cast
from portal.models import ClassKind, SchoolRoster, Student
from portal.models.students import choices
from portal.models.students.choices import Choices, choices_in
from tests import elsewhere, rows
from tests.statements import counted

#: What each trigger is for: one change after which a list offers something else.
CHANGES = {
    "students_insert": """
        INSERT INTO students
            (public_id, school_id, given_name, family_name, grade, guardian_limit, sort_key, search_key)
        SELECT 'new', school_id, 'Ada', 'Ito', 11, 6, 'ito', 'ito' FROM students WHERE id = :mia
    """,
    "students_update": "UPDATE students SET grade = 12 WHERE id = :mia",
    "students_delete": "DELETE FROM students WHERE id = :nobody",
    "classes_insert": """
        INSERT INTO classes (public_id, school_id, kind, title)
        SELECT 'new', school_id, 'course', 'Zoology' FROM classes WHERE id = :room
    """,
    "classes_update": "UPDATE classes SET title = 'The Owls' WHERE id = :room",
    "classes_delete": "DELETE FROM classes WHERE id = :empty",
}


def asked() -> Choices:
    """What is read from the database, whatever is kept."""
    choices._kept.cache_clear()
    return choices_in(school())


def school():
    db.session.rollback()
    return db.session.scalars(select(Student).where(Student.given_name == "Mia")).one().school


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_the_roster_is_seen_on_the_next_request_whoever_made_it(cast: Cast, change: str):
    empty = rows.school_class(cast.mia.school, "Astronomy", kind=ClassKind.COURSE)
    nobody = rows.stored(Student(school_id=cast.mia.school_id, given_name="Nobody", grade=10))
    places = {"mia": cast.mia.id, "room": cast.mia.homeroom_id, "empty": empty.id, "nobody": nobody.id}
    before = choices_in(school())

    named = {name: place for name, place in places.items() if f":{name}" in CHANGES[change]}
    elsewhere.write(CHANGES[change], **named)

    after = choices_in(school())
    assert after != before
    assert after == asked()


@pytest.mark.parametrize(
    ("change", "is_offered"),
    [
        ("UPDATE students SET left_at = :now WHERE homeroom_id = :room", False),
        ("UPDATE students SET homeroom_id = NULL WHERE homeroom_id = :room", False),
        ("UPDATE classes SET ended_at = :now WHERE id = :room", False),
        ("UPDATE students SET preferred_name = 'M' WHERE homeroom_id = :room", True),
    ],
)
def test_a_homeroom_is_offered_while_it_has_students(cast: Cast, change: str, is_offered: bool):
    title, values = (
        cast.mia.homeroom.title,
        {"room": cast.mia.homeroom_id, "now": clock.now().replace(tzinfo=None)},
    )
    assert title in choices_in(school()).homerooms

    elsewhere.write(change, **{name: value for name, value in values.items() if f":{name}" in change})

    assert (title in choices_in(school()).homerooms) == is_offered


def test_what_changes_no_filter_leaves_the_stamp(cast: Cast):
    own = select(SchoolRoster.stamp).where(SchoolRoster.school_id == cast.mia.school_id)
    stamp = db.session.scalar(own)
    elsewhere.write(
        "UPDATE students SET preferred_name = 'Mimi', grade = grade WHERE id = :mia", mia=cast.mia.id
    )
    db.session.rollback()
    assert db.session.scalar(own) == stamp


def test_one_short_statement_is_asked_while_nothing_changes(cast: Cast):
    here = school()
    choices_in(here)
    with counted() as statements:
        choices_in(here)
    assert len(statements) == 1
    assert "students" not in statements[0]


def test_nothing_is_kept_of_a_change_that_is_undone(cast: Cast):
    here = school()
    before = choices_in(here)
    with pytest.raises(Refused, match="12"), db.writing():
        _refuse_after_reading(cast.mia.id)
    assert choices_in(school()) == before


def _refuse_after_reading(student_id: int) -> None:
    student = db.session.get_one(Student, student_id)
    student.grade = 12
    db.session.flush()
    raise Refused(str(choices_in(student.school).grades))


def test_the_tables_have_their_triggers(app):
    """Rebuilding a table in a migration on SQLite drops them silently."""
    if db.db.engine.dialect.name == "sqlite":
        found = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        found = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    names = set(db.session.scalars(text(found)))

    assert {name for name in names if name.endswith("_changes_roster")} == {
        f"{change}_changes_roster" for change in CHANGES
    }
