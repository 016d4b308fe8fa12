"""The Notes tab: plain text with its lines, corrected in time, and nothing of it ever before a guardian."""

import re
from datetime import timedelta

import pytest

from portal import clock, db
from portal.models import Note
from portal.models.students.note_list import notes_of
from tests import rows
from tests.browsing import get, post
from tests.statements import counted

SECRET = "heron on the weir"


@pytest.fixture
def otto(cast, as_):
    return as_(cast.otto)


def tab(student):
    return f"/students/{student.public_id}/notes"


def newest(student):
    return notes_of(student).lines[0]


def test_the_tab_is_empty_at_first(cast, otto):
    page = otto.get(tab(cast.lucia)).text

    assert "No notes yet" in page
    assert "Add Note" in page


def test_a_note_is_added_and_shown(cast, otto):
    response = post(otto, tab(cast.lucia), text="Lost a tooth.")

    assert (response.status_code, response.location) == (303, tab(cast.lucia))
    page = otto.get(tab(cast.lucia)).text
    assert "Lost a tooth." in page
    assert "Otto Brandt" in page
    assert "School Secretary" in page


def test_htmx_gets_the_notes_in_place(cast, otto):
    response = post(otto, tab(cast.lucia), htmx=True, text="Lost a tooth.")

    assert response.status_code == 200
    assert "<html" not in response.text
    assert "Lost a tooth." in response.text


def test_a_note_is_text_and_nothing_else(cast, otto):
    post(otto, tab(cast.lucia), text="<script>alert(1)</script> & <b>bold</b>\r\nsecond\rthird\x00\x07")

    page = otto.get(tab(cast.lucia)).text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;bold&lt;/b&gt;\nsecond\nthird" in page
    assert newest(cast.lucia).text.endswith("third")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Write something first."),
        (" \n\t ", "Write something first."),
        ("x" * 4001, "at most 4,000 characters"),
    ],
)
def test_nothing_and_too_much_are_refused_in_words(cast, otto, text, sentence):
    response = post(otto, tab(cast.lucia), text=text)

    assert response.status_code == 422
    assert sentence in response.text
    assert text.strip() in response.text
    assert notes_of(cast.lucia).lines == []


def test_four_thousand_characters_fit(cast, otto):
    assert post(otto, tab(cast.lucia), text="ё" * 4000).status_code == 303


def test_the_author_is_offered_to_correct_for_fifteen_minutes(cast, otto, as_):
    post(otto, tab(cast.lucia), text="First")
    address = f"/notes/{newest(cast.lucia).public_id}"

    assert address in otto.get(tab(cast.lucia)).text
    assert address not in as_(cast.hana).get(tab(cast.lucia)).text
    age(cast.lucia, minutes=16)
    assert address not in otto.get(tab(cast.lucia)).text


def test_a_correction_shows_how_many_versions_there_are(cast, otto, as_):
    post(otto, tab(cast.lucia), text="First")
    saved = post(otto, f"/notes/{newest(cast.lucia).public_id}", text="Second", seen="1")

    assert saved.status_code == 303
    page = as_(cast.vera).get(tab(cast.lucia)).text
    assert "Corrected, 2 versions" in page
    assert "First" in page
    assert "Second" in page


def test_too_late_a_correction_is_refused_and_its_words_are_not_lost(cast, otto):
    post(otto, tab(cast.lucia), text="First")
    age(cast.lucia, minutes=16)
    late = post(otto, f"/notes/{newest(cast.lucia).public_id}", text="Long thought over", seen="1")

    assert late.status_code == 422
    assert "A note can be corrected for 15 minutes. Add a new note instead." in late.text
    assert "Long thought over" in late.text
    assert newest(cast.lucia).text == "First"


@pytest.mark.parametrize("seen", ["7", "9" * 40, "-1"])
def test_a_correction_from_a_window_that_is_not_current_is_refused(cast, otto, seen):
    post(otto, tab(cast.lucia), text="First")
    response = post(otto, f"/notes/{newest(cast.lucia).public_id}", text="Second", seen=seen)

    assert response.status_code == 422
    assert "another window" in response.text


def test_a_note_is_not_emptied(cast, otto):
    post(otto, tab(cast.lucia), text="First")
    response = post(otto, f"/notes/{newest(cast.lucia).public_id}", text=" ", seen="1")

    assert response.status_code == 422
    assert "A note cannot be emptied." in response.text


def test_older_notes_come_when_asked_for(cast, otto):
    with db.writing():
        for number in range(25):
            Note.add(cast.lucia, f"Note {number} of many", by=cast.otto)
    first = otto.get(tab(cast.lucia)).text
    older = re.search(r"notes\?after=([\w-]+)", first)
    assert older is not None
    rest = get(otto, f"{tab(cast.lucia)}?after={older[1]}", htmx=True).text

    assert first.count("of many") == 20
    assert rest.count("of many") == 5
    assert "<html" not in rest
    assert "Add Note" not in otto.get(f"{tab(cast.lucia)}?after={older[1]}").text


def test_the_tab_is_not_offered_to_the_network(cast, as_):
    page = as_(cast.nora).get(f"/students/{cast.mia.public_id}").text

    assert tab(cast.mia) not in page
    assert tab(cast.mia) in as_(cast.carl).get(f"/students/{cast.mia.public_id}").text


@pytest.mark.parametrize("notes", [1, 60])
def test_the_tab_asks_as_often_however_many_notes_there_are(app, as_, notes):
    student = rows.student(rows.school())
    office = rows.staff(student.school)
    with db.writing():
        for number in range(notes):
            Note.add(student, f"Note {number}", by=office).correct(f"Note {number}!", seen=1, by=office)
    desk, address = as_(office), tab(student)

    with counted() as statements:
        desk.get(address)

    and_one_to_record_the_view = 1
    assert len(statements) <= 6 + and_one_to_record_the_view, "\n".join(statements)


def test_writing_a_note_is_one_commit_and_few_statements(cast, otto):
    address = tab(cast.lucia)
    otto.get(address)
    with counted() as statements:
        post(otto, address, text="Lost a tooth.")

    assert statements.commits == 1
    assert len(statements) <= 10, "\n".join(statements)


def age(student, *, minutes):
    """As if the newest note had been written earlier."""
    with db.writing():
        note = db.session.query(Note).filter_by(public_id=newest(student).public_id).one()
        note.written_at = clock.now() - timedelta(minutes=minutes)
