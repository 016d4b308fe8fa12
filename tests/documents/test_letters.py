"""Letters as they are printed: read back, page by page, as a family would."""

import hashlib
import io
import logging
import subprocess
import sys
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from portal.documents.pdf import engine
from portal.documents.printable import in_words, printable
from portal.documents.single import PrintingFailed, print_letter, print_letters
from tests.documents.reading import drawn_modules, every_way_to_draw, only_page, pages_of, squeezed
from tests.documents.samples import MIA, NAMES

KINDS = list(product(("en", "es"), ("letter", "a4")))
PAPERS = {"letter": (612, 792), "a4": (595, 842)}


@pytest.fixture
def root_log():
    """All that reaches the root logger, which is where a server's log begins."""
    root, written = logging.getLogger(), io.StringIO()
    handler, level = logging.StreamHandler(written), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize(("language", "paper"), KINDS)
def test_every_student_has_one_page_with_name_and_code(language, paper, without_concern):
    letters = [replace(MIA, student=name, language=language, paper=paper) for name in NAMES]

    pages = pages_of(print_letters(letters))

    for name, page in zip(NAMES, pages, strict=True):
        text = page.extract_text()
        assert (round(page.mediabox.width), round(page.mediabox.height)) == PAPERS[paper]
        assert squeezed(name) in squeezed(text)
        assert "K7QD-9M2X-HT4W" in text
        assert "■" not in text


@pytest.mark.parametrize(("language", "paper"), KINDS)
def test_the_qr_code_has_the_address_with_the_code(language, paper, without_concern):
    page = only_page(print_letter(replace(MIA, language=language, paper=paper)))

    assert drawn_modules(page) in every_way_to_draw("https://portal.lincoln.example.org/join#K7QD9M2XHT4W")


def test_the_letter_says_all_that_a_family_needs(without_concern):
    text = " ".join(only_page(print_letter(MIA)).extract_text().split())

    for words in (
        "Lincoln Elementary School",
        "Grade 4 · Room 2A",
        "portal.lincoln.example.org/join",
        "portal.lincoln.example.org/sign-in",
        "Create Account",
        "Add a Student",
        "June 30, 2027",
        "Otto Reyes in the school office (555) 010-0199",
        "Keep this letter safe Whoever has this code can see",
    ):
        assert words in text


def test_the_date_is_written_as_the_reader_writes_it(without_concern):
    text = only_page(print_letter(replace(MIA, language="es"))).extract_text()

    assert "30 de junio de 2027" in text


def test_arabic_letters_are_joined(without_concern):
    text = only_page(print_letter(replace(MIA, student="فاطمة"))).extract_text()

    assert "ﻓﺎﻃﻤﺔ" in text  # Initial, final, initial, medial and final forms.


def test_a_crowded_letter_stays_on_its_page(without_concern):
    host = "https://guardian-portal.north-county-unified-school-district.k12.example.org"
    crowded = replace(
        MIA,
        school="Saint Frances Xavier Cabrini Bilingual Academy of Technology and the Performing Arts",
        homeroom="Annex B, upper floor, Room 214-C (Ms. Papadopoulos-Ramírez)",
        join_url=f"{host}/join",
        sign_in_url=f"{host}/sign-in",
        ask_whom="Otto Reyes, family liaison in the main office, weekdays from 7:30 to 15:30\n" * 3,
    )

    text = only_page(print_letter(crowded)).extract_text()

    for address in (in_words(crowded.join_url), in_words(crowded.sign_in_url)):
        assert address in squeezed(text)
        assert address not in text  # It is broken over two lines: on one it would run off the page.


def test_a_letter_from_a_pile_reads_like_a_letter_alone(without_concern):
    names = [f"Student No. {number}" for number in range(1, 6)]
    letters = [replace(MIA, student=name) for name in names]

    from_the_pile = [page.extract_text() for page in pages_of(print_letters(letters))]

    assert from_the_pile == [only_page(print_letter(letter)).extract_text() for letter in letters]


@pytest.mark.parametrize("other", [{"language": "es"}, {"paper": "a4"}])
def test_a_pile_of_two_kinds_is_refused(other):
    with pytest.raises(ValueError, match="One PDF holds"):
        print_letters([MIA, replace(MIA, **other)])


def test_no_letter_is_no_pdf():
    with pytest.raises(ValueError, match="One PDF holds"):
        print_letters([])


def test_the_same_letter_gives_the_same_bytes(without_concern):
    assert print_letter(MIA) == print_letter(MIA)


def test_the_code_is_nowhere_but_on_the_page(without_concern):
    reader = PdfReader(io.BytesIO(print_letter(MIA)))

    addresses = [str(note.get_object()) for note in reader.pages[0]["/Annots"]]
    around = squeezed(" ".join([str(reader.metadata), str(reader.trailer["/Root"]), *addresses]))

    assert reader.metadata.title == "Login instructions · Lincoln Elementary School"
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert "K7QD" not in around
    assert "Mia" not in around


def test_what_the_engine_says_of_a_letter_reaches_no_log(root_log, capfd):
    print_letter(replace(MIA, student="Secret ᏣᎳᎩ"))

    logged = root_log.getvalue()
    assert "3 concerns" in logged
    assert not any(secret in logged + "".join(capfd.readouterr()) for secret in ("Secret", "Ꮳ", "K7QD"))


def test_a_failure_does_not_quote_the_letter():
    with pytest.raises(PrintingFailed) as failure:
        print_letter(replace(MIA, student="Secret " * 20_000))

    assert "Secret" not in str(failure.value)
    assert failure.value.__cause__ is failure.value.__context__ is None


@settings(derandomize=True, deadline=None, max_examples=25)
@given(name=st.text(max_size=120))
def test_whatever_the_name_there_is_one_page_with_the_code(name):
    page = only_page(print_letter(replace(MIA, student=name)))

    assert "K7QD-9M2X-HT4W" in page.extract_text()


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("Zoë 🦊👩‍👩‍👧 O’Neil", "Zoë O’Neil"),
        ("Ana❤️María 👍🏽", "AnaMaría"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("  Mia \n\t Okafor ", "Mia Okafor"),
        ("a\u202eb\u0000c\ud800", "abc"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("🦊", ""),
    ],
)
def test_printable_keeps_what_paper_can_hold(written, printed):
    assert printable(written) == printed


def test_a_name_of_nothing_printable_becomes_words(without_concern):
    assert "your child" in only_page(print_letter(replace(MIA, student="🦊"))).extract_text()


def test_the_typefaces_are_the_ones_we_chose():
    listed = dict(reversed(line.split()) for line in (engine.FONTS / "SHA256SUMS").read_text().splitlines())

    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in engine.FONTS.glob("*.ttf")}

    assert found == listed


def test_the_engine_is_not_loaded_before_the_first_page():
    loaded = "import sys, portal.documents.bulk; print({'xhtml2pdf', 'reportlab'} & set(sys.modules))"

    answer = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)

    assert answer.stdout == "set()\n"
