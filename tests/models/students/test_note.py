"""Notes: corrected for fifteen minutes by their author, never deleted, every former text kept."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal import db
from portal.db import Refused
from portal.models import Event, Note
from portal.models.students.note_list import PAGE, notes_of
from portal.policy.permissions import AccessLevel
from tests import elsewhere, rows


def write(student, words, *, by):
    with db.writing():
        return Note.add(student, words, by=by)


def correct(note, words, *, by, seen=None):
    with db.writing():
        note.correct(words, seen=seen or note.versions, by=by)


def test_a_note_has_author_and_time(mia, otto, now):
    write(mia, "Seen in the library.", by=otto)

    (line,) = notes_of(mia).lines
    assert (line.author, line.written_at, line.text) == ("Otto Office", rows.MORNING, "Seen in the library.")
    assert (line.versions, line.former) == (1, ())


def test_the_newest_note_stands_first(mia, otto):
    for number in range(3):
        write(mia, f"Note {number}", by=otto)

    assert [line.text for line in notes_of(mia).lines] == ["Note 2", "Note 1", "Note 0"]


def test_each_correction_keeps_what_was_said_before(mia, otto, now):
    note = write(mia, "First", by=otto)
    now.shift(60)
    correct(note, "Second", by=otto)
    now.shift(60)
    correct(note, "Third", by=otto)

    (line,) = notes_of(mia).lines
    assert (line.text, line.versions) == ("Third", 3)
    assert [former for former, _until in line.former] == ["First", "Second"]
    assert line.corrected_at == rows.MORNING + timedelta(minutes=2)
    assert line.written_at == rows.MORNING


@pytest.mark.parametrize(("seconds", "is_taken"), [(0, True), (15 * 60, True), (15 * 60 + 1, False)])
def test_a_note_is_corrected_within_fifteen_minutes_of_writing(mia, otto, now, seconds, is_taken):
    note = write(mia, "First", by=otto)
    now.shift(seconds)
    with nullcontext() if is_taken else pytest.raises(Refused, match="15 minutes"):
        correct(note, "Second", by=otto)

    assert (notes_of(mia).lines[0].text == "Second") is is_taken


def test_correcting_does_not_start_the_time_anew(mia, otto, now):
    note = write(mia, "First", by=otto)
    now.shift(14 * 60)
    correct(note, "Second", by=otto)
    now.shift(2 * 60)

    with pytest.raises(Refused, match="15 minutes"):
        correct(note, "Third", by=otto)


def test_a_clock_set_back_does_not_bring_the_time_back(mia, otto, now):
    note = write(mia, "First", by=otto)
    now.shift(3600)
    rows.enabled(mia, otto)
    now.shift(-3600)

    with pytest.raises(Refused, match="15 minutes"):
        correct(note, "Second", by=otto)


def test_nobody_else_corrects_it(mia, otto):
    note = write(mia, "First", by=otto)
    hana = rows.staff(mia.school, AccessLevel.SCHOOL_ADMIN, "Hana Head")

    with pytest.raises(Refused, match="Only the author"):
        correct(note, "Second", by=hana)

    assert notes_of(mia).lines[0].text == "First"


def test_a_correction_made_from_an_old_window_is_refused(mia, otto):
    note = write(mia, "First", by=otto)
    correct(note, "Second", by=otto)

    with pytest.raises(Refused, match="another window"):
        correct(note, "Third", by=otto, seen=1)

    assert notes_of(mia).lines[0].text == "Second"


def test_the_same_text_is_no_correction(mia, otto):
    note = write(mia, "First", by=otto)
    correct(note, "First", by=otto)

    assert notes_of(mia).lines[0].versions == 1


def test_a_second_press_of_the_button_writes_no_second_note(mia, otto, now):
    write(mia, "Once", by=otto)
    write(mia, "Once", by=otto)
    assert len(notes_of(mia).lines) == 1

    now.shift(61)
    write(mia, "Once", by=otto)
    assert len(notes_of(mia).lines) == 2


def test_authorship_is_kept_when_the_author_has_no_access_any_more(mia, otto):
    write(mia, "First", by=otto)
    elsewhere.write("UPDATE memberships SET level = 'no_access'")

    assert notes_of(mia).lines[0].author == "Otto Office"


def test_two_at_once_leave_one_correction_and_its_former_text(app, mia, otto):
    note = write(mia, "First", by=otto)
    outcomes = []

    def press(words):
        with db.writing():
            row = db.session.get_one(Note, note.id)
            try:
                row.correct(words, seen=1, by=row.author)
            except Refused:
                outcomes.append("refused")
            else:
                outcomes.append(words)

    elsewhere.at_once(app, [lambda: press("Left"), lambda: press("Right")])

    db.session.expire_all()
    (line,) = notes_of(mia).lines
    assert sorted(outcomes) == sorted(["refused", line.text])
    assert [former for former, _until in line.former] == ["First"]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM notes",
        "DELETE FROM former_notes",
        "UPDATE former_notes SET text = 'nothing'",
    ],
)
def test_nobody_deletes_a_note_nor_what_it_said(mia, otto, statement):
    correct(write(mia, "First", by=otto), "Second", by=otto)

    with pytest.raises(DBAPIError, match="never deleted"), db.writing():
        db.session.execute(text(statement))


def test_older_notes_are_on_further_pages(mia, otto):
    noah = rows.student(mia.school, "Noah Adler")
    with db.writing():
        for number in range(PAGE + 5):
            Note.add(mia, f"Note {number}", by=otto)
        of_noah = Note.add(noah, "Noah's", by=otto)

    first = notes_of(mia)
    rest = notes_of(mia, after=first.after or "")

    assert (len(first.lines), len(rest.lines), rest.after) == (PAGE, 5, None)
    assert {line.text for line in first.lines}.isdisjoint(line.text for line in rest.lines)
    assert notes_of(mia, after=of_noah.public_id).lines == []


def test_the_record_of_events_holds_no_word_of_it(mia, otto):
    correct(write(mia, "Confidential", by=otto), "Very confidential", by=otto)

    events = db.session.execute(select(Event.kind, Event.details).order_by(Event.id)).all()
    assert [kind for kind, _details in events] == ["note added", "note corrected"]
    assert "onfidential" not in str(events)
