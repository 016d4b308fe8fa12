"""The PDF engine, xhtml2pdf on reportlab: loaded for the first page, one caller at a time, and never quoted."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

FONTS = Path(__file__).parent / "fonts"

#: Where a page would lie; only its folder counts, for the fonts.
BASE = str(FONTS / "letter.html")

#: Whoever writes to these loggers quotes the paragraph it worries about: a name and a live code.
ENGINE_LOGGERS = [logging.getLogger(name) for name in ("xhtml2pdf", "reportlab", "svglib")]

#: What one page may cost the engine: three times the HTML and ten times the seconds of a crowded letter.
PAGE_BYTES = 32_000
PAGE_SECONDS = 1

#: The engine's word for "keep the page in memory": otherwise a pile of letters goes through a file in /tmp.
IN_MEMORY = -1

log = logging.getLogger(__name__)

Result = TypeVar("Result")

_TURNS = threading.RLock()


class PrintingFailed(Exception):
    """No PDF was made. The message is a sentence, and never what the engine said, which quotes the letter."""


@contextmanager
def turn() -> Iterator[None]:
    """The engine for this thread alone: it keeps fonts and caches for the whole process. May be entered again."""
    with _TURNS, _hushed() as concerns:
        yield
        if concerns:
            log.warning("The PDF engine had %d concerns about the letters it printed.", len(concerns))


def unquoted(work: Callable[[], Result]) -> Result:
    """What `work` returns. Raises PrintingFailed when the engine gives up or finds nothing."""
    try:
        result: Result | None = work()
    except Exception:  # noqa: BLE001 - whatever it is, it may quote the letter
        result = None  # Raised below instead: chained to the engine's exception, ours would carry its quotes.
    if not result:
        raise PrintingFailed("The PDF engine could not lay out a letter.")
    return result


def policy(pages: int) -> Any:
    """What the engine may do for so many pages: read our fonts, and nothing else."""
    from reportlab import rl_config
    from xhtml2pdf.config.resources import ResourceAccessPolicy

    rl_config.invariant = 1  # The same letter gives the same bytes.
    rl_config.useA85 = 0  # No text armour round the streams: a fifth smaller.
    return ResourceAccessPolicy.server(
        FONTS,
        allow_remote=False,
        max_document_bytes=(pages + 1) * PAGE_BYTES,
        max_render_seconds=60 + pages * PAGE_SECONDS,
    )


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
