"""A line of text as the engine would set it, without the engine: how the boxes of thousands of letters are filled."""

from collections.abc import Callable
from typing import Any, NamedTuple

from portal.documents.layout import Box, draw

#: Of a paragraph's alignments in reportlab, the one whose lines end at the right edge.
TO_THE_RIGHT = 2


class Line(NamedTuple):
    """Where the engine put a short text into a box, in which type and ink (PDF operators)."""

    font: Any
    size: float
    ink: str
    x: float
    y: float
    room: float
    is_to_the_right: bool

    @classmethod
    def of(cls, sample: list[Any], box: Box, page_size: tuple[float, float]) -> "Line":
        """Measured on a `sample` of one short line in that box."""
        from reportlab.pdfbase import pdfmetrics

        [(x, y), *_rest] = _origins(sample, box, page_size)
        paragraph = sample[0]._content[0]
        text = next(frag for frag in paragraph.frags if frag.text.strip())
        ink = "{:.4g} {:.4g} {:.4g} rg".format(*text.textColor.rgb())
        is_to_the_right = paragraph.style.alignment == TO_THE_RIGHT
        font = pdfmetrics.getFont(text.fontName)
        return cls(font, text.fontSize, ink, x, y, box.width, is_to_the_right)

    def takes(self, text: str) -> bool:
        """Whether `text` fits on the line, and the line's one typeface, which writes from the left, has it all."""
        has_all = self.font.face.charToGlyph.keys() >= set(map(ord, text))
        return bool(has_all and self.font.stringWidth(text, self.size) <= self.room)

    def operators(self, text: str, document: Any, escape: Callable[[bytes], str]) -> str:
        """PDF operators, between BT and ET, that write `text` into a `document` of reportlab."""
        if not text:
            return ""
        x = self.x
        if self.is_to_the_right:
            x += self.room - self.font.stringWidth(text, self.size)
        shown = [
            f"{self.font.getSubsetInternalName(subset, document)} {self.size:g} Tf ({escape(glyphs)}) Tj"
            for subset, glyphs in self.font.splitString(text, document)
        ]
        return f"{self.ink} 1 0 0 1 {x:.4f} {self.y:.4f} Tm {' '.join(shown)}"


def _origins(sample: list[Any], box: Box, page_size: tuple[float, float]) -> list[tuple[float, float]]:
    """Where the engine begins to write when it draws `sample`."""
    import io

    from reportlab.pdfgen.canvas import Canvas

    class Ruler(Canvas):  # type: ignore[misc]
        """Notes where text begins."""

        def beginText(self, x: float = 0, y: float = 0) -> Any:  # noqa: N802
            origins.append(self.absolutePosition(x, y))
            return super().beginText(x, y)

    origins: list[tuple[float, float]] = []
    draw(sample, box, Ruler(io.BytesIO(), pagesize=page_size))
    return origins
