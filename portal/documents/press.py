"""How letters become pages. Only this module knows the PDF engine, and loads it for the first page."""

import io
import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import segno
from flask import render_template
from flask_babel import force_locale

from portal.documents.letters import Letter, in_words, is_unspaced, printable

FONTS = Path(__file__).parent / "fonts"

#: Whoever writes to these loggers quotes the paragraph it worries about: a name and a live code.
ENGINE_LOGGERS = [logging.getLogger(name) for name in ("xhtml2pdf", "reportlab", "svglib")]

#: What one page may cost the engine: three times the HTML and ten times the seconds of a crowded letter.
PAGE_BYTES = 32_000
PAGE_SECONDS = 1

#: The engine's word for "keep the page in memory": otherwise a pile of letters goes through a file in /tmp.
IN_MEMORY = -1

#: What may stand in the address of an image as it is. Leaves the page a third shorter.
SVG_UNQUOTED = "/:=,<> "

log = logging.getLogger(__name__)


class PrintingFailed(Exception):
    """The PDF engine gave up. What it said is not repeated, because it quotes the letter."""


def print_letter(letter: Letter) -> bytes:
    """One letter as a PDF of one page. Needs an application context; raises `PrintingFailed`."""
    return print_letters([letter])


def print_letters(letters: Iterable[Letter]) -> bytes:
    """All letters as one PDF, a page each, laid out one by one. Needs an application context.

    A PDF has one language and, from us, one paper, so all letters must share theirs. Raises `ValueError` when
    they do not, or when there is no letter; `PrintingFailed` when the engine gives up.
    """
    pile = list(letters)
    kinds = {(letter.language, letter.paper) for letter in pile}
    if len(kinds) != 1:
        raise ValueError("One PDF holds letters of one language on one paper, and at least one of them.")
    return _pdf(_html(pile), pages=len(pile))


def qr_image(payload: str) -> str:
    """The QR code of `payload` as the address of an SVG image: one filled path on white, quiet zone included.

    Mode, mask and error level are fixed: letters of one school differ in the modules of their code only.
    """
    code = segno.make(payload, mode="byte", error="m", mask=2, boost_error=False, micro=False)
    side, _ = code.symbol_size()
    path = "".join(_runs(code.matrix_iter()))
    white, black = f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/>', f'<path fill="#000" d="{path}"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}">{white}{black}</svg>'
    return f"data:image/svg+xml,{quote(svg, safe=SVG_UNQUOTED)}"


def _html(letters: list[Letter]) -> str:
    first = letters[0]
    with force_locale(first.language):
        return render_template(
            "letters/letter.html",
            letters=letters,
            school=first.school,
            language=first.language,
            paper=first.paper,
            qr_image=qr_image,
            printable=printable,
            in_words=in_words,
            is_unspaced=is_unspaced,
        )


def _runs(rows: Iterable[Iterable[int]]) -> Iterator[str]:
    """Each horizontal run of dark modules as a closed rectangle."""
    for y, row in enumerate(rows):
        start = None
        for x, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                yield f"M{start} {y}h{x - start}v1h{start - x}z"
                start = None


def _pdf(html: str, *, pages: int) -> bytes:
    make_document = _load_engine(pages)
    with _hushed() as concerns:
        try:
            pdf = make_document(html)
        except Exception:  # noqa: BLE001 - whatever it is, it may quote the letter
            pdf = b""  # Raised below instead: chained to the engine's exception, ours would carry its quotes.
    if not pdf:
        raise PrintingFailed("The PDF engine could not lay out a letter.")
    if concerns:
        log.warning("The PDF engine had %d concerns about the letters it printed.", len(concerns))
    return pdf


def _load_engine(pages: int) -> Callable[[str], bytes]:
    from reportlab import rl_config
    from xhtml2pdf.config.resources import ResourceAccessPolicy
    from xhtml2pdf.document import pisaDocument

    rl_config.invariant = 1  # The same letter gives the same bytes.
    rl_config.useA85 = 0  # No text armour round the streams: a fifth smaller.
    policy = ResourceAccessPolicy.server(
        FONTS,
        allow_remote=False,
        max_document_bytes=(pages + 1) * PAGE_BYTES,
        max_render_seconds=60 + pages * PAGE_SECONDS,
    )

    base = str(FONTS / "letter.html")  # Where the letter would lie; only its folder counts, for the fonts.

    def make_document(html: str) -> bytes:
        out = io.BytesIO()
        outcome = pisaDocument(html, out, path=base, resource_policy=policy, capacity=IN_MEMORY)
        return b"" if outcome.err else out.getvalue()

    return make_document


@contextmanager
def _hushed() -> Iterator[list[int]]:
    """Keep what the engine says of this thread's letters out of every log; only how often is kept."""
    counter = _Counter()
    for logger in ENGINE_LOGGERS:
        logger.addHandler(counter)
        logger.propagate = False
    try:
        yield counter.levels
    finally:
        for logger in ENGINE_LOGGERS:
            logger.removeHandler(counter)


class _Counter(logging.Handler):
    """Counts this thread's warnings by level and keeps no text."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.levels: list[int] = []
        self.thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread:
            self.levels.append(record.levelno)
