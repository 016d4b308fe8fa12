"""Page templates: what many letters or cover sheets share is laid out once, and the other boxes are filled for each."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from portal.documents.pdf.layout import Box, Layout, draw
from portal.documents.pdf.qr_code import QUIET_ZONE, QrCodes
from portal.documents.pdf.text_line import TextLine

#: The name of a box, and the text or (as Markup) the HTML for it.
Passage = tuple[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """One page to be printed: what differs from the other pages with the same template.

    Sheets with the same `key` have the same template. `texts` are short texts by box, `passages` is HTML by box that
    the engine lays out for this page alone. `code` is the access code in the QR code; None for a page without one.
    """

    key: Hashable
    texts: Mapping[str, str]
    passages: Mapping[str, Markup] = field(default_factory=dict)
    code: str | None = None


class PageTemplate:
    """What many sheets have in common, made from the layout of one sample page.

    `text_lines` names the boxes that hold one short text of each sheet; `not_shared` names further boxes that are left
    out of the common drawing. Everything else is drawn once, for all pages. `qr_codes` makes the QR codes, if any.
    """

    #: Whether a text that is too long is made smaller; otherwise the engine breaks it into several lines.
    squeezes = False

    def __init__(
        self,
        layout: Layout,
        *,
        text_lines: Iterable[str],
        not_shared: Iterable[str] = (),
        qr_codes: QrCodes | None = None,
    ) -> None:
        self.boxes = layout.boxes
        self.page_size = layout.page_size
        self._pieces = layout.piece_by_box()
        self.text_lines = {
            name: TextLine.of(self._pieces[name], layout.boxes[name], layout.page_size) for name in text_lines
        }
        self.qr_codes = qr_codes
        self._not_shared = {*self.text_lines, *not_shared, *(["qr_code"] if qr_codes else [])}

    def draw_shared(self, canvas: Any, name: str) -> None:
        """Store what all pages share in the document of `canvas`, as a Form XObject with that name."""
        canvas.beginForm(name, 0, 0, *self.page_size)
        for box, piece in self._pieces.items():
            if box not in self._not_shared:
                draw(piece, self.boxes[box], canvas)
        if self.qr_codes:
            canvas.setFillGray(1)
            canvas.rect(*self._qr_box, stroke=0, fill=1)
        canvas.endForm()

    def operators(self, sheet: Sheet, canvas: Any) -> tuple[str, list[Passage]]:
        """Return the PDF operators that draw this sheet's texts and code, and the passages left for the engine."""
        written: list[str] = []
        passages: list[Passage] = list(sheet.passages.items())
        for box, text in sheet.texts.items():
            line = self.text_lines[box]
            if line.fits(text):
                written.append(line.operators(text, canvas))
            elif self.squeezes:
                written.append(line.squeezed(text, canvas))
            else:
                passages.append((box, text))
        return f"BT {' '.join(written)} ET{self._qr_code(sheet.code)}", passages

    def _qr_code(self, code: str | None) -> str:
        if self.qr_codes is None or code is None:
            return ""
        x, y, side, _height = self._qr_box
        module = side / (self.qr_codes.side + 2 * QUIET_ZONE)
        left, top = x + QUIET_ZONE * module, y + side - QUIET_ZONE * module
        turned = f"{module:.5f} 0 0 -{module:.5f} {left:.4f} {top:.4f} cm"
        return f" q 0 g {turned} {self.qr_codes.path(code)}f Q"

    @property
    def _qr_box(self) -> tuple[float, float, float, float]:
        box: Box = self.boxes["qr_code"]
        side = min(box.width, box.height)
        return box.x, box.y + box.height - side, side, side
