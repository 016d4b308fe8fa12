"""The PDF writer: writes one file, a page for each sheet."""

from collections.abc import Callable, Hashable, Sequence
from typing import IO, Any

from flask import render_template

from portal.documents.pdf.layout import draw, lay_out
from portal.documents.pdf.page_template import PageTemplate, Passage, Sheet
from portal.documents.printable import is_unspaced

#: Boxes of a kind are numbered: what stands in "child7" is set like what stands in "child1".
DIGITS = "0123456789"

#: Gives the template for a sheet, made once.
TemplateMaker = Callable[[Sheet], PageTemplate]


class PdfWriter:
    """Writes to `out`. Call everything within one `engine.turn()`: fonts are the engine's."""

    def __init__(self, out: IO[bytes], *, title: str, language: str, template_for: TemplateMaker) -> None:
        from reportlab.pdfbase.pdfdoc import PDFResourceDictionary
        from reportlab.pdfgen.canvas import Canvas

        self._canvas: Any = Canvas(out, pageCompression=1, invariant=1, lang=language)
        self._canvas.setTitle(title)
        self._canvas.setProducer("Guardian Portal")
        self._template_for = template_for
        self._forms: dict[Hashable, str] = {}
        self._resources = PDFResourceDictionary()
        self._resources.basicFonts()

    def add(self, sheets: Sequence[Sheet]) -> None:
        """Print a page for each. What the engine must lay out itself is laid out for the whole pile at once."""
        templates = [self._template_for(sheet) for sheet in sheets]
        own = [
            template.operators(sheet, self._canvas) for template, sheet in zip(templates, sheets, strict=True)
        ]
        pieces = iter(_laid_out([passage for _, passages in own for passage in passages]))
        for template, sheet, (operators, passages) in zip(templates, sheets, own, strict=True):
            self._canvas.setPageSize(template.page_size)
            self._canvas.addLiteral(f"/{self._form(sheet.key, template)} Do {operators}")
            for box, _text in passages:
                draw(next(pieces), template.boxes[box], self._canvas)
            self._show_page()

    def finish(self) -> None:
        """Write it all. Raises OSError when it cannot be written."""
        self._canvas.save()

    def _form(self, key: Hashable, template: PageTemplate) -> str:
        """The name that pages call what they share by."""
        if key not in self._forms:
            name = f"shared{len(self._forms)}"
            template.draw_shared(self._canvas, name)
            self._forms[key] = self._canvas._doc.getXObjectName(name)
            self._resources.XObject |= self._canvas._doc.xobjDict([name]).dict
        return self._forms[key]

    def _show_page(self) -> None:
        """All pages name one list of typefaces and shared parts: otherwise each would carry a copy."""
        self._canvas.showPage()
        document = self._canvas._doc
        document.Pages.pages[-1].Resources = document.Reference(self._resources, "shared resources")


def _laid_out(passages: list[Passage]) -> list[list[Any]]:
    if not passages:
        return []
    kinds = [(box.rstrip(DIGITS), text) for box, text in passages]
    html = render_template("documents/passages.html", passages=kinds, is_unspaced=is_unspaced)
    return lay_out(html, pages=len(passages)).pieces
