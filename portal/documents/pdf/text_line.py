"""Text lines: write a short text into a box of a PDF page, exactly where the PDF engine would write it, but faster."""

from typing import Any, NamedTuple

from portal.documents.pdf.layout import Box, draw

#: The number by which reportlab says that a paragraph is aligned to the right.
RIGHT_ALIGNED = 2


class TextLine(NamedTuple):
    """The position, typefaces and color with which the engine writes a short text into a box.

    `fonts` are reportlab's names: first the usual typeface, then those for characters it lacks. `size` is the size of
    the type, `x` and `y` the lower left corner and `width` that of the line, all in points. `color` is a PDF operator.
    """

    fonts: tuple[str, ...]
    size: float
    color: str
    x: float
    y: float
    width: float
    is_right_aligned: bool

    @classmethod
    def of(cls, sample: list[Any], box: Box, page_size: tuple[float, float]) -> "TextLine":
        """Measure the line on `sample`, what the engine laid out in `box` for one short text of one line.

        `page_size` is the width and height of the page in points.
        """
        from reportlab.lib.fonts import tt2ps

        [(x, y), *_rest] = _origins(sample, box, page_size)
        paragraph = sample[0]._content[0]
        text = next(frag for frag in paragraph.frags if frag.text.strip())
        fonts = tuple(tt2ps(family, text.bold, text.italic) for family in text.fontFamilies)
        color = "{:.4g} {:.4g} {:.4g} rg".format(*text.textColor.rgb())
        is_right_aligned = paragraph.style.alignment == RIGHT_ALIGNED
        return cls(fonts, text.fontSize, color, x, y, box.width, is_right_aligned)

    def fits(self, text: str) -> bool:
        """Whether the line is wide enough for `text`, and its first typeface has every character.

        Texts that are written from right to left never fit: the first typeface is a left-to-right one.
        """
        font = _font(self.fonts[0])
        has_all = font.face.charToGlyph.keys() >= set(map(ord, text))
        return bool(has_all and font.stringWidth(text, self.size) <= self.width)

    def operators(self, text: str, canvas: Any) -> str:
        """Return the PDF operators that write `text`, which `fits`. They belong between BT and ET."""
        return self._operators_for([(_font(self.fonts[0]), text)], self.size, canvas)

    def squeezed(self, text: str, canvas: Any) -> str:
        """Return the PDF operators that write any `text` on the line: in a smaller size when it is too long."""
        from xhtml2pdf.bidi import get_display
        from xhtml2pdf.util import shape_frag_text, split_by_coverage

        shaped = shape_frag_text(text, self.fonts[0]) or text
        runs = [(_font(name), run) for run, name in split_by_coverage(get_display(shaped), self.fonts)]
        text_width = sum(font.stringWidth(run, self.size) for font, run in runs)
        return self._operators_for(runs, self.size * min(1, self.width / max(text_width, 1)), canvas)

    def _operators_for(self, runs: list[tuple[Any, str]], size: float, canvas: Any) -> str:
        x = self.x
        document = canvas._doc
        if self.is_right_aligned:
            x += self.width - sum(font.stringWidth(run, size) for font, run in runs)
        shown = [
            f"{font.getSubsetInternalName(subset, document)} {size:.4g} Tf ({canvas._escape(glyphs)}) Tj"
            for font, run in runs
            for subset, glyphs in font.splitString(run, document)
        ]
        return f"{self.color} 1 0 0 1 {x:.4f} {self.y:.4f} Tm {' '.join(shown)}" if shown else ""


def _font(name: str) -> Any:
    from reportlab.pdfbase import pdfmetrics

    return pdfmetrics.getFont(name)


def _origins(sample: list[Any], box: Box, page_size: tuple[float, float]) -> list[tuple[float, float]]:
    """Return the points, in points from the lower left corner, at which the engine begins to write `sample`."""
    import io

    from reportlab.pdfgen.canvas import Canvas

    class Ruler(Canvas):  # type: ignore[misc]
        """A canvas that notes where each text begins."""

        def beginText(self, x: float = 0, y: float = 0) -> Any:  # noqa: N802
            origins.append(self.absolutePosition(x, y))
            return super().beginText(x, y)

    origins: list[tuple[float, float]] = []
    draw(sample, box, Ruler(io.BytesIO(), pagesize=page_size))
    return origins
