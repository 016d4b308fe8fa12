"""The PDF writer: writes one file with a page for each sheet."""

from collections.abc import Callable, Hashable, Sequence
from typing import IO, Any

from flask import render_template

from portal.documents.pdf.layout import draw, lay_out
from portal.documents.pdf.page_template import PageTemplate, Passage, Sheet
from portal.documents.printable import is_unspaced

#: Boxes of a kind are numbered, as in "child7"; without the number, the name says which style they have.
DIGITS = "0123456789"

#: Returns the template for a sheet.
TemplateMaker = Callable[[Sheet], PageTemplate]


class PdfWriter:
    """Writes a PDF to `out`, with that title and in that language ("en").

    Call all its methods within one `engine.turn()`, since the typefaces belong to the engine.
    """

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
        """Add a page for each sheet. The engine lays out the passages of all these sheets at once.

        Raises PrintingFailed when it cannot.
        """
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
        """Write the file. Raises OSError when that fails."""
        self._canvas.save()

    def _form(self, key: Hashable, template: PageTemplate) -> str:
        """Return the name of the Form XObject with what the pages of `key` share; store it the first time."""
        if key not in self._forms:
            name = f"shared{len(self._forms)}"
            template.draw_shared(self._canvas, name)
            self._forms[key] = self._canvas._doc.getXObjectName(name)
            self._resources.XObject |= self._canvas._doc.xobjDict([name]).dict
        return self._forms[key]

    def _show_page(self) -> None:
        """End the page. All pages refer to one list of typefaces and shared parts, which keeps the file small."""
        self._canvas.showPage()
        document = self._canvas._doc
        document.Pages.pages[-1].Resources = document.Reference(self._resources, "shared resources")


def _laid_out(passages: list[Passage]) -> list[list[Any]]:
    if not passages:
        return []
    kinds = [(box.rstrip(DIGITS), text) for box, text in passages]
    html = render_template("documents/passages.html", passages=kinds, is_unspaced=is_unspaced)
    return lay_out(html, pages=len(passages)).pieces
