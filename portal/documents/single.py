"""Print single letters, each laid out by the engine. Bulk letters must look the same, page for page."""

import io
from collections.abc import Callable, Iterable

from flask import render_template
from markupsafe import Markup

from portal.documents.letter import Letter
from portal.documents.pdf import engine
from portal.documents.pdf.engine import PrintingFailed
from portal.documents.pdf.qr_code import qr_image
from portal.documents.pdf.typefaces import with_typefaces
from portal.documents.printable import in_words, is_unspaced, link, printable
from portal.text.language import in_language

__all__ = ["PrintingFailed", "letters_in_html", "print_letter", "print_letters"]


def print_letter(letter: Letter) -> bytes:
    """Return one letter as a PDF of one page. Needs an application context. Raises PrintingFailed."""
    return print_letters([letter])


def print_letters(letters: Iterable[Letter]) -> bytes:
    """Return the letters as one PDF with a page for each. Needs an application context.

    A PDF has one language and, from us, one paper, so all letters must share theirs. Raises `ValueError` when
    they do not, or when there is no letter; `PrintingFailed` when the engine gives up.
    """
    pile = list(letters)
    kinds = {(letter.language, letter.paper, letter.has_window) for letter in pile}
    if len(kinds) != 1:
        raise ValueError("One PDF holds letters of one language on one paper, and at least one of them.")
    html = with_typefaces(letters_in_html(pile))
    with engine.turn():
        return engine.unquoted(lambda: _pdf(html, pages=len(pile)))


def letters_in_html(letters: list[Letter], *, write_address: Callable[[str], Markup] = link) -> str:
    """Return the HTML of these letters, a page for each, as the engine reads it.

    They have the language and paper of the first one. `write_address` writes an address of the web.
    """
    first = letters[0]
    with in_language(first.language):
        return render_template(
            "documents/letter.html",
            letters=letters,
            school=first.school,
            language=first.language,
            paper=first.paper,
            has_window=first.has_window,
            qr_image=qr_image,
            printable=printable,
            in_words=in_words,
            is_unspaced=is_unspaced,
            write_address=write_address,
        )


def _pdf(html: str, *, pages: int) -> bytes:
    from xhtml2pdf.document import pisaDocument

    out = io.BytesIO()
    outcome = pisaDocument(
        html, out, path=engine.BASE, resource_policy=engine.policy(pages), capacity=engine.IN_MEMORY
    )
    return b"" if outcome.err else out.getvalue()
