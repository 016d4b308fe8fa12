"""The PDF engine, xhtml2pdf with reportlab: used by one thread at a time, and nothing it says is logged or shown."""

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

FONTS = Path(__file__).parent / "fonts"

#: The address of a page, which need not exist: typefaces are looked for in its folder.
BASE = str(FONTS / "letter.html")

#: Warnings of these loggers quote the paragraph that they are about: a name and an access code that works.
ENGINE_LOGGERS = [logging.getLogger(name) for name in ("xhtml2pdf", "reportlab", "svglib")]

#: What one page may cost the engine: three times the HTML and ten times the seconds of a crowded letter.
PAGE_BYTES = 32_000
PAGE_SECONDS = 1

#: The value by which the engine keeps a page in memory; otherwise it writes many letters to a file in /tmp.
IN_MEMORY = -1

#: Modules that the engine imports for what our pages never have: other PDFs in them, and photographs.
UNUSED = ("pypdf", "pypdf.generic", "pypdf.errors", "pypdf.xmp", "PIL", "PIL.Image", "PIL.ImageCms")

log = logging.getLogger(__name__)

Result = TypeVar("Result")

_TURNS = threading.RLock()


class PrintingFailed(Exception):
    """No PDF was made. The message is a sentence for people; it quotes neither the engine nor the letter."""


@cache
def load() -> None:
    """Import the engine, without what it imports for features that we do not use: a fifth of its memory and time."""
    absent = {name: _Absent(name) for name in UNUSED if name.partition(".")[0] not in sys.modules}
    sys.modules |= absent
    try:
        import reportlab.rl_config
        import xhtml2pdf.document  # noqa: F401
    finally:
        for name in absent:
            del sys.modules[name]
    reportlab.rl_config.invariant = 1  # The same letter gives the same bytes.
    reportlab.rl_config.useA85 = 0  # No text armour round the streams: a fifth smaller.


@contextmanager
def turn() -> Iterator[None]:
    """Keep other threads from the engine, whose caches are shared by the whole process. A thread may nest it."""
    with _TURNS, _keep_out_of_logs() as concerns:
        load()
        yield
        if concerns:
            log.warning("The PDF engine had %d concerns about the letters it printed.", len(concerns))


def unquoted(work: Callable[[], Result]) -> Result:
    """Return what `work` returns. Raises PrintingFailed when it raises anything or returns nothing."""
    try:
        result: Result | None = work()
    except Exception:  # noqa: BLE001 - whatever it is, it may quote the letter
        result = None  # Raised below instead: chained to the engine's exception, ours would carry its quotes.
    if not result:
        raise PrintingFailed("The PDF engine could not lay out a letter.")
    return result


def policy(pages: int) -> Any:
    """Return what the engine may do for so many pages: read our typefaces, within limits of size and time."""
    from xhtml2pdf.config.resources import ResourceAccessPolicy

    return ResourceAccessPolicy.server(
        FONTS,
        allow_remote=False,
        max_document_bytes=(pages + 1) * PAGE_BYTES,
        max_render_seconds=60 + pages * PAGE_SECONDS,
    )


@contextmanager
def _keep_out_of_logs() -> Iterator[list[int]]:
    """Keep the engine's warnings about this thread's letters out of all logs; yield a list with their levels."""
    counter = _Counter()
    for logger in ENGINE_LOGGERS:
        logger.addHandler(counter)
        logger.propagate = False
    try:
        yield counter.levels
    finally:
        for logger in ENGINE_LOGGERS:
            logger.removeHandler(counter)


class _Absent(ModuleType):
    """Stands for a module that is not imported. What is imported from it is an empty class, or such a module again."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__ = []

    def __getattr__(self, name: str) -> type | ModuleType:
        if name.startswith("__"):
            raise AttributeError(name)
        return sys.modules.get(f"{self.__name__}.{name}") or type(name, (), {})


class _Counter(logging.Handler):
    """A log handler that keeps the levels of this thread's warnings, but not their text."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.levels: list[int] = []
        self.thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread:
            self.levels.append(record.levelno)
