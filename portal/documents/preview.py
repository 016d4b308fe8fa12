"""Previews: the page of a letter that somebody writes, and which of its texts do not fit."""

import io
from typing import NamedTuple

from portal.documents.letter import Letter
from portal.documents.pdf import engine
from portal.documents.pdf.layout import Layout, draw, lay_out
from portal.documents.single import letters_in_html, print_letter

#: A text that has to be made smaller by more than this is not readable any more: 9.5 points become 7.6.
MOST_SHRUNK = 1.25


class LetterPreview(NamedTuple):
    """The page, and the names of the boxes whose text does not fit unless it is too small to be read."""

    pdf: bytes
    crowded: list[str]


def lay_out_preview(letter: Letter) -> LetterPreview:
    """Lay out `letter` in this process. Needs an application context. Raises PrintingFailed."""
    with engine.turn():
        return LetterPreview(print_letter(letter), _crowded_boxes(letter))


def _crowded_boxes(letter: Letter) -> list[str]:
    layout = lay_out(letters_in_html([letter]))
    return [box for box, _html in letter.wording.boxes if _shrink_factor(layout, box) > MOST_SHRUNK]


def _shrink_factor(layout: Layout, box: str) -> float:
    """Return the factor by which the engine makes the text in that box smaller, so that it fits."""
    from reportlab.pdfgen.canvas import Canvas

    [piece] = layout.piece_by_box()[box]
    draw([piece], layout.boxes[box], Canvas(io.BytesIO(), pagesize=layout.page_size))
    return float(getattr(piece, "_scale", 1))
