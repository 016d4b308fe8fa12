"""Turn letters into sheets, and make the page template that letters with the same key share."""

from collections.abc import Hashable
from dataclasses import replace

from portal.documents.letter import Letter
from portal.documents.pdf.layout import lay_out
from portal.documents.pdf.page_template import PageTemplate, Sheet
from portal.documents.pdf.qr_code import qr_codes_for
from portal.documents.printable import in_bold
from portal.documents.single import letters_in_html
from portal.text.access_code import LENGTH


def sheet_of(letter: Letter) -> Sheet:
    """Return what only this student's page shows: the texts, the passages and the code."""
    personal = letter.wording.personal
    return Sheet(
        key=_key(letter),
        texts=letter.texts,
        passages={box: letter.written(box) for box in personal} if personal else {},
        code=letter.code,
    )


def page_template_for(letter: Letter) -> PageTemplate:
    """Lay out the template of this letter and of all others whose sheets have the same key. Raises PrintingFailed."""
    # Short, and in the typeface of most names: the lines of all the others are measured on it.
    sample = replace(letter, student="Mia", grade_label="Grade", homeroom="A", code="0" * LENGTH)
    return PageTemplate(
        lay_out(letters_in_html([sample], write_address=in_bold)),
        text_lines=sample.texts,
        not_shared=letter.wording.personal,
        qr_codes=qr_codes_for(f"{letter.join_url}#"),
    )


def _key(letter: Letter) -> Hashable:
    """Return all that shapes the page outside the student's boxes. A new such field of Letter has to be added here."""
    return (
        letter.school,
        letter.language,
        letter.paper,
        letter.expires_on,
        letter.ask_whom,
        letter.join_url,
        letter.sign_in_url,
        letter.has_window,
        letter.return_address,
        letter.wording,
    )
