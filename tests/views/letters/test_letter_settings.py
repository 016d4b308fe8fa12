"""Settings > Letter: how a school's letters look, what they say, and what they said before."""

import html

import pytest
from sqlalchemy import select

from portal import db
from portal.documents.sample import EDITABLE
from portal.models import Event, EventKind, LetterWording
from tests.browsing import post
from tests.documents.reading import only_page

SETTINGS, WORDS = "/settings/letter", "/settings/letter/en"
OWN = {"lead": "<p>Welcome to Lincoln, {student}!</p>"}


def write(browser, address=WORDS, **boxes):
    """Send the form with these fields filled in; a browser sends the empty ones as well."""
    return post(browser, address, **(dict.fromkeys(EDITABLE, "") | boxes))


def recorded(kind):
    return db.session.scalars(select(Event).where(Event.kind == kind.value)).all()


def current(cast, language="en"):
    row = LetterWording.current(cast.lincoln, language)
    return row.boxes if row else None


def letter_of(browser, student, language=""):
    answer = browser.get(f"/students/{student.public_id}/login-instructions.pdf?language={language}")
    return pdf_text(answer.data)


def pdf_text(pdf):
    return " ".join(only_page(pdf).extract_text().split())


def test_paper_envelope_and_office_are_changed_and_recorded(cast, as_):
    hana = as_(cast.hana)

    answer = post(
        hana,
        SETTINGS,
        paper="a4",
        office_contact="Otto\r\n555-0142",
        letters_have_window="y",
        return_address="1 Main St\nMaple Valley",
    )

    assert answer.status_code == 303
    school = cast.lincoln
    assert (school.paper, school.letters_have_window) == ("a4", True)
    assert (school.office_contact, school.return_address) == ("Otto\n555-0142", "1 Main St\nMaple Valley")
    [event] = recorded(EventKind.SETTINGS_CHANGED)
    assert event.account_id == cast.hana.id
    assert "Main" not in str(event.details)
    text = letter_of(hana, cast.mia)
    assert "1 Main St · Maple Valley" in text
    assert "To the family of Mia" in text


def test_saving_the_same_again_records_nothing(cast, as_):
    fields = {"paper": "letter", "office_contact": cast.lincoln.office_contact}

    assert post(as_(cast.hana), SETTINGS, **fields).status_code == 303
    assert recorded(EventKind.SETTINGS_CHANGED) == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"paper": "a3"}, "Not a valid choice"),
        ({"paper": "letter", "office_contact": "a\nb\nc\nd"}, "Use at most three lines."),
        ({"paper": "letter", "return_address": "x" * 301}, "Use at most 300 characters."),
    ],
)
def test_nonsense_is_refused_in_words(cast, as_, fields, sentence):
    answer = post(as_(cast.hana), SETTINGS, **fields)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert recorded(EventKind.SETTINGS_CHANGED) == []


def test_the_fields_begin_with_our_own_words(cast, as_):
    page = as_(cast.hana).get(WORDS).text

    assert "&lt;p&gt;See your child’s school information online" in page
    assert "&lt;strong&gt;{join}&lt;/strong&gt;" in page


def test_what_is_written_stands_on_the_next_letter(cast, as_):
    hana = as_(cast.hana)

    assert write(hana, **OWN).status_code == 303

    assert current(cast) == OWN
    assert "Welcome to Lincoln, Mia" in letter_of(hana, cast.mia)
    assert "Welcome to Lincoln" not in letter_of(hana, cast.mia, "es")
    [event] = recorded(EventKind.LETTER_WORDED)
    assert (event.account_id, event.details["language"]) == (cast.hana.id, "en")
    page = hana.get(SETTINGS).text
    assert "Your own" in page
    assert "Hana Novák changed the letter in English" in page


def test_our_own_words_are_not_stored(cast, as_):
    hana = as_(cast.hana)
    page = hana.get(WORDS).text
    lead = page.partition('name="lead"')[2].partition(">")[2].partition("</textarea>")[0]

    assert write(hana, lead=html.unescape(lead).strip()).status_code == 303
    assert current(cast) is None
    assert recorded(EventKind.LETTER_WORDED) == []


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("<table><tr><td rowspan=99999>x</td></tr></table>", "&lt;table&gt; cannot stand in a letter"),
        ("Dear {nobody}", "{nobody} is no placeholder"),
        ("so much to say " * 60, "This is too long for its place on the page"),
    ],
)
def test_what_cannot_be_printed_is_refused_and_nothing_changes(cast, as_, written, sentence):
    answer = write(as_(cast.hana), lead=written)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert current(cast) is None


def test_a_form_that_lost_a_field_empties_nothing(cast, as_):
    hana = as_(cast.hana)
    write(hana, **OWN)

    answer = post(hana, WORDS, safe="<p>Keep it</p>")

    assert answer.status_code == 422
    assert "This field did not arrive" in answer.text
    assert current(cast) == OWN


def test_two_who_write_at_once_do_not_overwrite_each_other(cast, as_):
    hana, delia = as_(cast.hana), as_(cast.delia)
    write(hana, **OWN)

    answer = write(delia, lead="<p>Delia was here</p>", seen="")

    assert answer.status_code == 422
    assert "Somebody changed this text in the meantime" in answer.text
    assert current(cast) == OWN


def test_the_original_is_restored_and_the_text_kept(cast, as_):
    hana = as_(cast.hana)
    write(hana, **OWN)

    assert "Restore the original letter?" in hana.get(f"{WORDS}/original").text
    assert post(hana, f"{WORDS}/original").status_code == 303

    assert current(cast) == {}
    assert "See your child’s school information" in letter_of(hana, cast.mia)
    assert [row.boxes for row in LetterWording.latest(cast.lincoln)] == [{}, OWN]
    assert "Hana Novák restored the original letter in English" in hana.get(SETTINGS).text


def test_a_proof_shows_what_is_not_saved_yet_and_nobody_real(cast, as_):
    answer = write(as_(cast.hana), f"{WORDS}/proof.pdf", **OWN)

    assert answer.content_type == "application/pdf"
    text = pdf_text(answer.data)
    assert "Welcome to Lincoln, Alex Example-Student!" in text
    assert "ABCD-1234-WXYZ" in text
    assert current(cast) is None


def test_a_proof_of_nonsense_says_why(cast, as_):
    answer = write(as_(cast.hana), f"{WORDS}/proof.pdf", lead="<img>")

    assert answer.status_code == 422
    assert "&lt;img&gt; cannot stand in a letter" in answer.text


def test_only_our_own_pages_may_frame_a_proof(cast, as_):
    hana = as_(cast.hana)

    page, proof = hana.get(WORDS).headers, hana.get(f"{WORDS}/proof.pdf").headers
    refused = write(hana, f"{WORDS}/proof.pdf", lead="<img>").headers

    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    for framed in (proof, refused):
        assert "frame-ancestors 'self'" in framed["Content-Security-Policy"]
        assert "default-src 'none'" in framed["Content-Security-Policy"]
        assert framed["X-Frame-Options"] == "SAMEORIGIN"
        assert framed["Cache-Control"] == "no-store"


def test_no_other_language_exists(cast, as_):
    assert as_(cast.hana).get(f"{SETTINGS}/fr").status_code == 404
