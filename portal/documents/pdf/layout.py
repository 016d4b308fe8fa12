"""Lay out an HTML page with the PDF engine, and draw what is in its boxes onto any page."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from portal.documents.pdf import engine
from portal.documents.pdf.typefaces import with_typefaces


class Box(NamedTuple):
    """A rectangle on the page: its lower left corner and its size, in points from the page's lower left corner."""

    x: float
    y: float
    width: float
    height: float


class Layout(NamedTuple):
    """A page that was laid out: `page_size` in points, `boxes` by the name of their @frame, in order.

    `pieces` are lists of reportlab's flowables, one for the HTML between two <pdf:nextframe>.
    """

    page_size: tuple[float, float]
    boxes: dict[str, Box]
    pieces: list[list[Any]]

    def piece_by_box(self) -> dict[str, list[Any]]:
        """Return the piece in each box. Raises ValueError unless each box is filled once."""
        return dict(zip(self.boxes, self.pieces, strict=True))


def lay_out(html: str, *, pages: int = 1, texts: Iterable[str] = ()) -> Layout:
    """Lay out `html`, of at most so many pages, without drawing it. Call it within `engine.turn()`.

    `texts` are drawn in its typefaces later. Raises PrintingFailed when the engine cannot.
    """
    return engine.unquoted(lambda: _lay_out(with_typefaces(html, texts), pages))


def draw(piece: list[Any], box: Box, canvas: Any) -> None:
    """Draw a piece that `lay_out` made into that box. What does not fit is left out. Raises PrintingFailed."""
    from reportlab.platypus.frames import Frame

    frame = Frame(*box, leftPadding=0, bottomPadding=0, rightPadding=0, topPadding=0)
    engine.unquoted(lambda: frame.addFromList(list(piece), canvas) is None)


def _lay_out(html: str, pages: int) -> Layout:
    from xhtml2pdf.config.resources import render_budget, use_policy
    from xhtml2pdf.context import pisaContext
    from xhtml2pdf.default import DEFAULT_CSS
    from xhtml2pdf.parser import pisaParser

    policy = engine.policy(pages)
    context = pisaContext(engine.BASE, capacity=engine.IN_MEMORY)
    context.resource_policy = policy
    with use_policy(policy), render_budget(policy):
        pisaParser(html, context, DEFAULT_CSS, False, None, None)
    frames = [frame for template in context.templateList.values() for frame in template.frames]
    boxes = {frame.id: Box(frame._x1, frame._y1, frame._width, frame._height) for frame in frames}
    return Layout(context.pageSize, boxes, _between_breaks(context.story))


def _between_breaks(story: list[Any]) -> list[list[Any]]:
    from reportlab.platypus.doctemplate import FrameBreak

    pieces: list[list[Any]] = [[]]
    for flowable in story:
        if flowable is FrameBreak or type(flowable) is type(FrameBreak):
            pieces.append([])
        else:
            pieces[-1].append(flowable)
    return pieces
