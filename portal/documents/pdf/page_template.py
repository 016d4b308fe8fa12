"""Page templates: what many letters or cover sheets share on their page, and how the boxes that differ are filled."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from portal.documents.pdf.layout import Box, Layout, draw
from portal.documents.pdf.qr_code import QUIET_ZONE, QrCodes
from portal.documents.pdf.text_line import TextLine

#: A box's name, and the text or (as Markup) the HTML in it.
Passage = tuple[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """One page to be printed from the template of that `key`: what stands in its own boxes, and what its QR code adds.

    `texts` are single texts by box; `passages` is HTML that the engine lays out for this page.
    """

    key: Hashable
    texts: Mapping[str, str]
    passages: Mapping[str, Markup] = field(default_factory=dict)
    code: str | None = None


class PageTemplate:
    """Made from the layout of one sample page. `text_lines` are its boxes that hold a text of each page's own.

    `own` names all boxes that differ from page to page: those of `text_lines`, and others that are laid out each time.
    What stands in the rest is drawn once, and shared by all pages.
    """

    #: Every text stays on its line, however small it gets; otherwise the engine wraps those that are too long.
    squeezes = False

    def __init__(
        self,
        layout: Layout,
        *,
        text_lines: Iterable[str],
        own: Iterable[str] = (),
        qr_codes: QrCodes | None = None,
    ) -> None:
        self.boxes = layout.boxes
        self.page_size = layout.page_size
        self._pieces = layout.piece_by_box()
        self.text_lines = {
            name: TextLine.of(self._pieces[name], layout.boxes[name], layout.page_size) for name in text_lines
        }
        self.qr_codes = qr_codes
        self._own = {*self.text_lines, *own, *(["qr_code"] if qr_codes else [])}

    def draw_shared(self, canvas: Any, name: str) -> None:
        """Keep what all pages share under `name` in the canvas's document, as a Form XObject."""
        canvas.beginForm(name, 0, 0, *self.page_size)
        for box, piece in self._pieces.items():
            if box not in self._own:
                draw(piece, self.boxes[box], canvas)
        if self.qr_codes:
            canvas.setFillGray(1)
            canvas.rect(*self._qr_box, stroke=0, fill=1)
        canvas.endForm()

    def operators(self, sheet: Sheet, canvas: Any) -> tuple[str, list[Passage]]:
        """PDF operators for what is this sheet's own, and what the engine has to lay out for it besides."""
        written: list[str] = []
        passages: list[Passage] = list(sheet.passages.items())
        for box, text in sheet.texts.items():
            line = self.text_lines[box]
            if line.takes(text):
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
