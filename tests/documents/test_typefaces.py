"""The large typeface is read where it is needed, and only there."""

import pytest
from reportlab.pdfbase.ttfonts import TTFont

from portal.documents.pdf import engine
from portal.documents.pdf.typefaces import FACE, needs_han, with_typefaces

HAN = "DroidSansFallback.ttf"

#: Marks of direction, which no name is printed with.
UNSEEN = set(range(0x202A, 0x202E))


def test_every_character_that_only_the_large_typeface_has_asks_for_it():
    characters = {
        path.name: TTFont(path.stem, path).face.charToGlyph.keys() for path in engine.FONTS.glob("*.ttf")
    }
    others = ("NotoSans-Bold.ttf", "NotoSansArabic-Bold.ttf", "NotoSansOther-Regular.ttf")
    only_there = set(characters[HAN]).difference(UNSEEN, *(characters[name] for name in others))

    assert len(only_there) > 30_000
    assert [hex(each) for each in only_there if not needs_han(chr(each))] == []


@pytest.mark.parametrize(
    ("text", "is_needed"),
    [("Mia", False), ("Zoë Nguyễn Щ فاطمة יעל", False), ("欧阳", True), ("さくら", True), ("김서연", True)],
)
def test_a_page_declares_it_for_its_own_text_and_for_what_is_drawn_later(text, is_needed):
    page = f"<style></style><p>{text}</p>"

    assert (FACE in with_typefaces(page)) is is_needed
    assert (FACE in with_typefaces("<style></style>", texts=["Mia", text])) is is_needed
