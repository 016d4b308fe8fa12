"""What a stranger may see: through the window of an envelope, and on the list that lies on the pile."""

from dataclasses import replace

import pytest
from pypdf import PageObject, PdfReader

from portal.documents.bulk import print_in_bulk
from portal.documents.letter import Letter
from portal.documents.single import print_letter
from tests.documents.reading import only_page, squeezed
from tests.documents.samples import CODES, MIA, NAMES

#: In points: what may show in a #10 or DIN long window, however a letter folded in three slips about in it.
LEFT_OF, LOWEST, HIGHEST = 390, 269, 110

WINDOWED = replace(MIA, has_window=True, return_address="Lincoln Elementary\n1200 Maple Street")

HOMEROOM = [
    replace(
        MIA, student=name, code=CODES[number % len(CODES)], number=f"5000{number}", homeroom="2A", pile="2A"
    )
    for number, name in enumerate(NAMES)
]


@pytest.mark.parametrize("paper", ["letter", "a4"])
@pytest.mark.parametrize("name", ["Mia Nguyễn-Okafor", NAMES[-1], NAMES[-2], "فاطمة الزهراء محمد"])
def test_the_window_shows_the_return_address_and_the_family(paper, name):
    letter = replace(WINDOWED, paper=paper, student=name)

    seen = in_window(only_page(print_letter(letter)))

    assert squeezed(seen) == squeezed(f"Lincoln Elementary · 1200 Maple StreetTo the family of {name}")


def test_in_spanish_too():
    seen = in_window(only_page(print_letter(replace(WINDOWED, language="es"))))

    assert "A la familia de Mia Nguyễn-Okafor" in seen


def test_a_letter_without_a_window_is_not_made_for_one():
    page = only_page(print_letter(MIA))

    assert "To the family of" not in page.extract_text()
    assert "K7QD" not in in_window(page)
    assert "Mia Nguyễn-Okafor" in in_window(page)


def test_the_cover_lists_names_and_numbers_and_never_a_code(tmp_path):
    [cover] = pages_of(HOMEROOM, tmp_path)[:1]

    text = cover.extract_text()
    assert "Homeroom 2A" in text
    assert f"{len(HOMEROOM)} letters" in text
    for letter in HOMEROOM:
        assert squeezed(letter.student) in squeezed(text)
        assert letter.number in text
        assert letter.code not in squeezed(text)
        assert letter.code_in_groups not in text
    assert "■" not in text


def test_each_name_on_the_cover_has_a_box_to_tick(tmp_path):
    [cover] = pages_of(HOMEROOM, tmp_path)[:1]

    assert cover.get_contents().get_data().count(b" 11 11 re") == len(HOMEROOM)


def test_a_large_homeroom_has_two_cover_sheets(tmp_path):
    first, second, *letters = pages_of(HOMEROOM * 2, tmp_path)

    assert "sheet 1 of 2" in first.extract_text()
    assert "sheet 2 of 2" in second.extract_text()
    assert len(letters) == 2 * len(HOMEROOM)


def test_siblings_of_another_homeroom_are_marked(tmp_path):
    sibling = replace(HOMEROOM[0], student="Big Brother", homeroom="5B")

    [cover] = pages_of([HOMEROOM[0], sibling], tmp_path)[:1]

    assert "in 5B" in cover.extract_text()
    assert "in 2A" not in cover.extract_text()


def test_students_without_a_homeroom_have_a_cover_as_well(tmp_path):
    [cover, _letter] = pages_of([replace(MIA, pile="")], tmp_path)

    assert "Without a homeroom" in cover.extract_text()


def in_window(page: PageObject) -> str:
    seen: list[str] = []
    height = float(page.mediabox.height)

    def look(text: str, _cm: list, matrix: list, *_font: object) -> None:
        x, y = _cm[0] * matrix[4] + _cm[4], height - (_cm[3] * matrix[5] + _cm[5])
        if x < LEFT_OF and HIGHEST < y < LOWEST:
            seen.append(text)

    page.extract_text(visitor_text=look)
    return "".join(seen).strip()


def pages_of(letters: list[Letter], folder) -> list[PageObject]:
    return [page for path in print_in_bulk(letters, folder=folder).files for page in PdfReader(path).pages]
