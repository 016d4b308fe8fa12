"""Text lines: text on one line as the engine would set it, without the engine."""

from typing import Any, NamedTuple

from portal.documents.pdf.layout import Box, draw

#: Of a paragraph's alignments in reportlab, the one whose lines end at the right edge.
TO_THE_RIGHT = 2


class TextLine(NamedTuple):
    """Where the engine put a short text into a box, in which type and ink (PDF operators).

    `fonts` are those of reportlab by name, the one of most texts first; the others draw what it has not.
    """

    fonts: tuple[str, ...]
    size: float
    ink: str
    x: float
    y: float
    room: float
    is_to_the_right: bool

    @classmethod
    def of(cls, sample: list[Any], box: Box, page_size: tuple[float, float]) -> "TextLine":
        """Measured on a `sample` of one short line in that box."""
        from reportlab.lib.fonts import tt2ps

        [(x, y), *_rest] = _origins(sample, box, page_size)
        paragraph = sample[0]._content[0]
        text = next(frag for frag in paragraph.frags if frag.text.strip())
        fonts = tuple(tt2ps(family, text.bold, text.italic) for family in text.fontFamilies)
        ink = "{:.4g} {:.4g} {:.4g} rg".format(*text.textColor.rgb())
        is_to_the_right = paragraph.style.alignment == TO_THE_RIGHT
        return cls(fonts, text.fontSize, ink, x, y, box.width, is_to_the_right)

    def takes(self, text: str) -> bool:
        """Whether `text` fits on the line, and its first typeface, which writes from the left, has it all."""
        font = _font(self.fonts[0])
        has_all = font.face.charToGlyph.keys() >= set(map(ord, text))
        return bool(has_all and font.stringWidth(text, self.size) <= self.room)

    def operators(self, text: str, canvas: Any) -> str:
        """PDF operators, between BT and ET, that write `text`, which the line takes."""
        return self._written([(_font(self.fonts[0]), text)], self.size, canvas)

    def squeezed(self, text: str, canvas: Any) -> str:
        """PDF operators that write any `text` on this one line: smaller where it has to be, in several typefaces."""
        from xhtml2pdf.bidi import get_display
        from xhtml2pdf.util import shape_frag_text, split_by_coverage

        shaped = shape_frag_text(text, self.fonts[0]) or text
        runs = [(_font(name), run) for run, name in split_by_coverage(get_display(shaped), self.fonts)]
        width = sum(font.stringWidth(run, self.size) for font, run in runs)
        return self._written(runs, self.size * min(1, self.room / max(width, 1)), canvas)

    def _written(self, runs: list[tuple[Any, str]], size: float, canvas: Any) -> str:
        x, document = self.x, canvas._doc
        if self.is_to_the_right:
            x += self.room - sum(font.stringWidth(run, size) for font, run in runs)
        shown = [
            f"{font.getSubsetInternalName(subset, document)} {size:.4g} Tf ({canvas._escape(glyphs)}) Tj"
            for font, run in runs
            for subset, glyphs in font.splitString(run, document)
        ]
        return f"{self.ink} 1 0 0 1 {x:.4f} {self.y:.4f} Tm {' '.join(shown)}" if shown else ""


def _font(name: str) -> Any:
    from reportlab.pdfbase import pdfmetrics

    return pdfmetrics.getFont(name)


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
