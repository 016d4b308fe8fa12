"""Cover sheets: the list of students before the letters of their homeroom, with boxes to tick, and never a code."""

from collections.abc import Hashable, Iterable, Iterator
from typing import Any, NamedTuple

from flask import render_template

from portal.documents.letter import Letter
from portal.documents.pdf.layout import Layout, lay_out
from portal.documents.pdf.page_template import PageTemplate, Passage, Sheet
from portal.documents.printable import printable
from portal.text.language import gettext as _
from portal.text.language import ngettext

#: How many names one sheet has.
ROWS = 30

#: The side of a box to tick, in points.
TICK = 11

#: Hairlines between the rows, and the edge of the boxes to tick: colours as in documents/type.css.
HAIRLINE = ".894 .878 .835 RG .75 w"
EDGE = ".357 .392 .459 RG 1 w"

COLUMNS = ("child", "ident", "class")


class _Key(NamedTuple):
    kind: str
    school: str
    paper: str


class CoverTemplate(PageTemplate):
    """The template of cover sheets: one row is laid out, and repeated with a box to tick and a line below it."""

    squeezes = True

    def __init__(self, layout: Layout) -> None:
        super().__init__(layout, text_lines=("room", "count", *COLUMNS), not_shared=("row",))
        self._row = self.boxes["row"]
        for column in COLUMNS:
            box, line = self.boxes[column], self.text_lines[column]
            for number in range(ROWS):
                drop = number * self._row.height
                self.boxes[f"{column}{number}"] = box._replace(y=box.y - drop)
                self.text_lines[f"{column}{number}"] = line._replace(y=line.y - drop)

    def operators(self, sheet: Sheet, canvas: Any) -> tuple[str, list[Passage]]:
        operators, passages = super().operators(sheet, canvas)
        rows = sum(box.startswith("child") for box in sheet.texts)
        bottoms = [self._row.y - number * self._row.height for number in range(rows)]
        return f"{operators} q {self._hairlines(bottoms)} {self._ticks(bottoms)} Q", passages

    def _hairlines(self, bottoms: list[float]) -> str:
        left, right = self._row.x, self._row.x + self._row.width
        return f"{HAIRLINE} {' '.join(f'{left:g} {y:.2f} m {right:g} {y:.2f} l' for y in bottoms)} S"

    def _ticks(self, bottoms: list[float]) -> str:
        left, rise = self._row.x + 1, (self._row.height - TICK) / 2
        return f"{EDGE} {' '.join(f'{left:g} {y + rise:.2f} {TICK} {TICK} re' for y in bottoms)} S"


def pages_of_covers(letters: int) -> int:
    """Return how many cover sheets so many letters need."""
    return -(-letters // ROWS)


def most_covers(pages: int) -> int:
    """Return how many of so many pages are cover sheets when letters fill the rest."""
    return -(-pages // (ROWS + 1))


def covers_of(homeroom: list[Letter]) -> Iterator[Sheet]:
    """Yield the cover sheets for these letters, which are handed out together."""
    first = homeroom[0]
    pages = pages_of_covers(len(homeroom))
    for page in range(pages):
        rows = homeroom[page * ROWS : (page + 1) * ROWS]
        count = ngettext("%(num)s letter", "%(num)s letters", len(homeroom))
        if pages > 1:
            count = _("%(count)s · sheet %(page)s of %(pages)s", count=count, page=page + 1, pages=pages)
        yield Sheet(key=_key(first), texts={"room": _room(first.pile), "count": count} | _rows(rows))


def cover_template_for(letter: Letter, *, all_letters: Iterable[Letter]) -> PageTemplate:
    """Lay out the template for the cover sheets of this letter's school. Raises PrintingFailed.

    Its typefaces have the characters in `all_letters`.
    """
    html = render_template(
        "documents/cover.html", school=printable(letter.school), paper=letter.paper, columns=COLUMNS
    )
    return CoverTemplate(lay_out(html, texts=_texts_on_covers(all_letters)))


def _texts_on_covers(letters: Iterable[Letter]) -> Iterator[str]:
    for letter in letters:
        yield from (letter.student, letter.number, letter.homeroom, letter.pile)


def _rows(letters: list[Letter]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for number, letter in enumerate(letters):
        own = (letter.student_name, printable(letter.number), _elsewhere(letter))
        texts |= {f"{column}{number}": text for column, text in zip(COLUMNS, own, strict=True) if text}
    return texts


def _room(pile: str) -> str:
    return _("Homeroom %(title)s", title=printable(pile)) if printable(pile) else _("Without a homeroom")


def _elsewhere(letter: Letter) -> str:
    """Siblings' letters are handed out through the youngest; this says where the others sit."""
    return _("in %(homeroom)s", homeroom=printable(letter.homeroom)) if letter.homeroom != letter.pile else ""


def _key(letter: Letter) -> Hashable:
    return _Key("cover", letter.school, letter.paper)
