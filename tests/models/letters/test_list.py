"""Whose letters are printed, what they say and in which order; and who gets none, and why."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select, true

from portal import db
from portal.models import AccessCode, Contact, Event, EventKind, School, SchoolClass, Staff, Student
from portal.models.codes.family_status import FamilyStatus
from portal.models.letters.batch import record_printed
from portal.models.letters.list import LetterOrder, letters_of
from portal.policy.permissions import AccessLevel, Permission
from tests import rows
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def lincoln(app: Any) -> School:
    return rows.school()


@pytest.fixture
def office(lincoln: School) -> Staff:
    return rows.staff(lincoln)


def homeroom(of: School, title: str) -> SchoolClass:
    row: SchoolClass = rows.stored(SchoolClass(school_id=of.id, kind="homeroom", title=title))
    return row


def with_code(of: School, office: Staff, name: str, **fields: Any) -> Student:
    student = rows.student(of, name, **fields)
    rows.enabled(student, office)
    return student


def contact(of: Student, **fields: Any) -> None:
    rows.stored(Contact(**{"student_id": of.id, "given_name": "Grace", "family_name": "Sullivan"} | fields))


def test_a_letter_says_all_there_is_to_say(lincoln: School, office: Staff):
    room = homeroom(lincoln, "2A")
    mia = with_code(
        lincoln, office, "Mia Sullivan", homeroom_id=room.id, language="es", student_number="4711"
    )

    [letter] = letters_of(true(), by=office).recipients

    assert (letter.name, letter.number, letter.grade, letter.homeroom) == ("Mia Sullivan", "4711", 4, "2A")
    assert (letter.language, letter.last_day, letter.school) == ("es", date(2027, 6, 26), lincoln)
    assert letter.code == db.session.scalars(select(AccessCode)).one().text
    assert (letter.student_id, letter.public_id) == (mia.id, mia.public_id)


@pytest.mark.parametrize(("at_home", "at_school", "written"), [("es", "en", "es"), ("hi", "es", "es")])
def test_a_letter_is_in_the_first_language_we_write(
    lincoln: School, office: Staff, at_home: str, at_school: str, written: str
):
    with db.writing():
        lincoln.language = at_school
    with_code(lincoln, office, "Mia Sullivan", language=at_home)

    [letter] = letters_of(true(), by=office).recipients

    assert (letter.language, letter.home_language) == (written, at_home)


def test_who_has_no_live_code_is_named_with_the_reason(lincoln: School, office: Staff, now: Any):
    rows.student(lincoln, "Noah Never")
    gone = with_code(lincoln, office, "Gina Gone")
    with db.writing():
        gone.left_at = rows.MORNING
    with_code(lincoln, office, "Mia Sullivan")

    before = letters_of(true(), by=office)
    now.move_to(datetime(2027, 6, 27, 4, 0, tzinfo=UTC))
    after = letters_of(true(), by=office)

    assert {each.name: each.status for each in before.skipped} == {
        "Noah Never": FamilyStatus.NOT_ENABLED,
        "Gina Gone": FamilyStatus.LEFT,
    }
    assert [each.name for each in before.recipients] == ["Mia Sullivan"]
    assert {each.name: each.status for each in after.skipped}["Mia Sullivan"] is FamilyStatus.EXPIRED
    assert after.recipients == []


def test_nobody_prints_letters_out_of_reach(lincoln: School, office: Staff):
    mia = with_code(lincoln, office, "Mia Sullivan")
    elsewhere = rows.staff(rows.school("Riverside"), name="Sam Elsewhere")
    viewer = rows.staff(lincoln, AccessLevel.SCHOOL_WIDE_VIEWER, name="Vera Viewer")

    for person in (elsewhere, viewer):
        assert letters_of(Student.id == mia.id, by=person) == ([], [])
    assert len(letters_of(Student.id == mia.id, by=None).recipients) == 1


def test_letters_lie_by_homeroom_then_name(lincoln: School, office: Staff):
    two, ten = homeroom(lincoln, "2B"), homeroom(lincoln, "10A")
    with_code(lincoln, office, "Zoe Adams", homeroom_id=two.id)
    with_code(lincoln, office, "Ann Zimmer", homeroom_id=two.id)
    with_code(lincoln, office, "Bob Adams", homeroom_id=ten.id)
    with_code(lincoln, office, "Nora Nowhere")

    names = [each.name for each in letters_of(true(), by=office).recipients]

    assert names == ["Zoe Adams", "Ann Zimmer", "Bob Adams", "Nora Nowhere"]


def test_a_household_lies_together_on_the_pile_of_the_youngest(lincoln: School, office: Staff):
    two, three = homeroom(lincoln, "2A"), homeroom(lincoln, "3A")
    big = with_code(lincoln, office, "Big Sullivan", homeroom_id=three.id)
    with_code(lincoln, office, "Max Miller", homeroom_id=two.id)
    small = with_code(lincoln, office, "Small Sullivan", homeroom_id=two.id)
    with db.writing():
        small.grade = 2
    contact(big, source_id="grace", email="grace@home.example")
    contact(small, source_id="grace", email="grace@work.example")

    found = letters_of(true(), by=office, order=LetterOrder.HOUSEHOLD).recipients

    assert [(each.name, each.homeroom, each.pile) for each in found] == [
        ("Max Miller", "2A", "2A"),
        ("Small Sullivan", "2A", "2A"),
        ("Big Sullivan", "3A", "2A"),
    ]


def test_half_siblings_are_no_household(lincoln: School, office: Staff):
    """One envelope would bring Anna's code to Cara's father, who has nothing to do with her."""
    anna, ben, cara = (with_code(lincoln, office, f"{name} Smith") for name in ("Anna", "Ben", "Cara"))
    contact(anna, email="mother@home.example")
    contact(ben, email="mother@home.example")
    contact(ben, email="father@home.example", given_name="Fred")
    contact(cara, email="father@home.example", given_name="Fred")
    two, three, four = (homeroom(lincoln, title) for title in ("2A", "3A", "4A"))
    with db.writing():
        anna.homeroom_id, ben.homeroom_id, cara.homeroom_id = two.id, three.id, four.id

    found = letters_of(true(), by=office, order=LetterOrder.HOUSEHOLD).recipients

    assert [each.pile for each in found] == ["2A", "3A", "4A"]


@pytest.mark.parametrize("students", [2, 60])
def test_the_number_of_statements_does_not_grow(lincoln: School, office: Staff, students: int):
    for number in range(students):
        contact(with_code(lincoln, office, f"Student{number} Sullivan"), email=f"{number}@home.example")
    assert office.may(Permission.MANAGE_CODES)  # read beforehand, as the guard does

    with counted() as asked:
        found = letters_of(true(), by=office, order=LetterOrder.HOUSEHOLD)
    with counted() as written, db.writing():
        record_printed(found.recipients, by=office)

    assert len(found.recipients) == students
    assert len(asked) <= 5, "\n".join(asked)
    assert len(written) <= 4, "\n".join(written)
    assert written.commits == 1


def test_printing_is_recorded_with_author_and_moment(lincoln: School, office: Staff):
    mia = with_code(lincoln, office, "Mia Sullivan")

    with db.writing():
        record_printed(letters_of(true(), by=office).recipients, by=office)

    printed = db.session.scalars(select(Event).filter_by(kind=EventKind.LETTER_PRINTED.value)).one()
    assert (printed.student_id, printed.account_id, printed.at) == (mia.id, office.id, rows.MORNING)
    assert db.session.scalars(select(AccessCode)).one().letter_made_at == rows.MORNING


def test_a_new_code_stands_on_no_letter_yet(lincoln: School, office: Staff):
    mia = with_code(lincoln, office, "Mia Sullivan")
    with db.writing():
        record_printed(letters_of(true(), by=office).recipients, by=office)

    with db.writing():
        assert AccessCode.replace(mia, by=office).letter_made_at is None
