"""What a school may write on its letters, and that none of it is ever run."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.db import Refused
from portal.documents.bulk import print_in_bulk
from portal.documents.pdf.engine import PrintingFailed
from portal.documents.printing.orders import preview_letter
from portal.documents.sample import EDITABLE, starters
from portal.documents.single import print_letter
from portal.documents.wording import PLACEHOLDERS, Wording
from portal.documents.wording_check import TAGS, TOKEN, checked
from tests.documents.reading import difference, only_page, pages_of, picture, squeezed
from tests.documents.samples import MIA

BOMB = "<table><tr><td rowspan=99999 colspan=99999>boom</td></tr></table>"


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("<p>Hello</p>", "<p>Hello</p>"),
        ("<P>A<BR>b<br />c</P>", "<p>A<br/>b<br/>c</p>"),
        ("Fish & chips > soup, &lt;3 &eacute;", "Fish &amp; chips &gt; soup, &lt;3 é"),
        ("{{ config }}", None),
        ("{% raw %}", None),
        ("{student} of {school}", "{student} of {school}"),
        ("", ""),
    ],
)
def test_what_is_allowed_is_stored_in_one_spelling(written, stored):
    if stored is None:
        with pytest.raises(Refused):
            checked(written)
    else:
        assert checked(written) == stored


@pytest.mark.parametrize(
    ("written", "named"),
    [
        (BOMB, "<table>"),
        ("<script>alert(1)</script>", "<script>"),
        ("<img src=x>", "<img>"),
        ("<a href='https://example.org'>x</a>", "<a>"),
        ('<p style="color:red">x</p>', "“style”"),
        ("<p onclick=x>x</p>", "“onclick”"),
        ("<p=>x</p>", "“=”"),
        ("<li rowspan=99999>x</li>", "“rowspan”"),
        ("<p>never closed", "<p> is not closed"),
        ("<p><strong>x</p></strong>", "</p> does not close"),
        ("x</p>", "</p> does not close"),
        ("<!-- x -->", "A < that begins no tag"),
        ("<?php ?>", "A < that begins no tag"),
        ("2 < 3", "A < that begins no tag"),
        ("<pdf:nextpage>", "<pdf>"),
        ("{nobody}", "{nobody} is no placeholder"),
        ("{letter.code}", "A { or }"),
        ("{student", "A { or }"),
        ("<p>" * 9, "more than 8 deep"),
        ("x" * 3_001, "at most 3,000"),
    ],
)
def test_what_cannot_stand_on_a_letter_is_named(written, named):
    with pytest.raises(Refused) as refusal:
        checked(written)

    assert named in str(refusal.value)


@given(st.text(alphabet=st.sampled_from("<>/{}&;= \"'pbrhli2x!-"), max_size=40))
def test_whatever_is_stored_has_our_tags_only(written):
    try:
        stored = checked(written)
    except Refused:
        return

    for token in TOKEN.finditer(stored):
        assert token["text"] or (token["tag"] in TAGS and token["rest"] in ("", "/"))
    assert checked(stored) == stored


def test_values_are_text_whatever_they_hold():
    injected = replace(
        MIA,
        student="{code} <b>&{{ 7*7 }} {student}",
        wording=Wording.of_boxes({"lead": "<p>Dear family of {student}: {code}</p>"}),
    )

    text = squeezed(only_page(print_letter(injected)).extract_text())

    assert "Dearfamilyof{code}<b>&{{7*7}}{student}:K7QD-9M2X-HT4W" in text


def test_every_placeholder_has_a_value():
    words = Wording.of_boxes({"newcomer": " ".join(f"{name}={{{name}}}" for name in PLACEHOLDERS)})

    text = squeezed(only_page(print_letter(replace(MIA, wording=words))).extract_text())

    for value in ("school=LincolnElementary", "student=Mia", "code=K7QD-9M2X-HT4W", "office=OttoReyes"):
        assert value in text
    assert "expires=June30,2027" in text
    assert "sign_in=portal.lincoln.example.org/sign-in" in text


@pytest.mark.parametrize("boxes", [{"lead": "<p>Welcome!</p>"}, {"lead": "<p>Welcome {student}, {code}</p>"}])
def test_the_bulk_press_prints_what_a_school_wrote(tmp_path, boxes):
    letters = [replace(MIA, student=name, wording=Wording.of_boxes(boxes)) for name in ("Ada", "张伟", "Zoe")]

    [path] = print_in_bulk(letters, folder=tmp_path, has_covers=False).files

    pdf = path.read_bytes()
    for number, (letter, page) in enumerate(zip(letters, pages_of(pdf), strict=True)):
        alone = print_letter(letter)
        assert "Welcome" in page.extract_text()
        assert "See your child’s school information online" not in page.extract_text()
        assert difference(picture(pdf, number), picture(alone)) < 0.002


@pytest.mark.parametrize("language", ["en", "es"])
def test_our_own_words_are_where_a_school_begins(language):
    ours = starters(language)
    written = replace(MIA, language=language, wording=Wording.of_boxes(ours))

    texts = [words(print_letter(letter)) for letter in (replace(MIA, language=language), written)]

    assert tuple(ours) == EDITABLE
    assert texts[0] == texts[1]


def test_a_proof_is_the_page_itself():
    letter = replace(MIA, wording=Wording.of_boxes({"lead": "<p>Welcome to Lincoln</p>"}))

    preview = preview_letter(letter)

    assert preview.pdf == print_letter(letter)
    assert preview.crowded == []


def test_a_text_too_long_for_its_place_is_named():
    letter = replace(MIA, wording=Wording.of_boxes({"lead": "so much to say " * 60, "safe": "short"}))

    assert preview_letter(letter).crowded == ["lead"]


def test_a_memory_bomb_goes_off_in_the_other_process():
    """No check lets it through; if one did, it would take 23 GB."""
    with pytest.raises(PrintingFailed, match="too much memory or time"):
        preview_letter(replace(MIA, wording=Wording.of_boxes({"lead": BOMB})))


def words(pdf: bytes) -> list[str]:
    """Without the numbers of lists, which have a dot in one of two and none in the other."""
    return sorted(word for word in only_page(pdf).extract_text().split() if not word.rstrip(".").isdigit())
