"""Print letters in the printing process: the one way for requests, jobs and commands to make a PDF."""

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from portal.documents import bulk
from portal.documents.bulk import PrintedLetters, Progress
from portal.documents.letter import Letter
from portal.documents.pdf.engine import PrintingFailed
from portal.documents.preview import LetterPreview
from portal.documents.printing.channel import CHANNEL
from portal.documents.printing.kinds import GO_ON, JOBS, LETTERS, PREVIEWS, STOP, PrintKind
from portal.documents.printing.prints import BulkPrint, PreviewPrint, Print, SinglePrint
from portal.text import language
from portal.text.language import gettext as _


def print_letter(letter: Letter) -> bytes:
    """Return one letter as a PDF of one page. Raises PrintingFailed or TooBusy."""
    _values, pdf = _print(SinglePrint(letter=letter), LETTERS)
    return pdf


def preview_letter(letter: Letter) -> LetterPreview:
    """Lay out a letter that somebody writes. Raises PrintingFailed when that takes too much, or TooBusy."""
    try:
        values, pdf = _print(PreviewPrint(letter=letter), PREVIEWS)
    except PrintingFailed:
        values = None
    if values is None:
        raise PrintingFailed(_("This text takes too much memory or time to be laid out."))
    return LetterPreview(pdf, values["crowded"])


def print_in_bulk(
    letters: Sequence[Letter],
    *,
    folder: Path,
    name: str = bulk.NAME,
    has_covers: bool = True,
    progress: Progress | None = None,
) -> PrintedLetters:
    """Print all `letters` into files, as `portal.documents.bulk` describes it.

    With `progress` they are a job; without, somebody waits at a browser. Raises PrintingFailed, OSError or TooBusy, and
    whatever `progress` raises: then no file is left.
    """
    wanted = BulkPrint(
        letters=letters, folder=folder.absolute(), name=name, has_covers=has_covers, pages=bulk.PAGES,
        language=language.now(),
    )  # fmt: skip
    values, _file = _print(wanted, JOBS if progress else LETTERS, progress)
    files = [folder / Path(path).name for path in values.pop("files")]
    return PrintedLetters(files=files, **values)


def _print(wanted: Print, kind: PrintKind, progress: Progress | None = None) -> tuple[dict[str, Any], bytes]:
    """Return what the child made: values and a file. Raises PrintingFailed, OSError or TooBusy."""
    with CHANNEL.turn(kind) as connection:
        try:
            connection.send(wanted)
            answer = _answer(connection, progress)
            file = connection.recv_bytes()
        except (EOFError, ConnectionError):  # the child was ended: by the kernel or by somebody
            answer, file = {"failed": _ended()}, b""
    if "errno" in answer:
        raise OSError(answer["errno"], os.strerror(answer["errno"]))
    if "failed" in answer:
        raise PrintingFailed(answer["failed"])
    return answer["made"], file


def _ended() -> str:
    return _("The printing process was ended before the letters were made. Please try again.")


def _answer(connection: Connection, progress: Progress | None) -> dict[str, Any]:
    """Return what the child says at its end, and tell `progress` what it says until then."""
    while True:
        answer: dict[str, Any] = json.loads(connection.recv_bytes())
        if "progress" not in answer:
            return answer
        try:
            if progress:
                progress(*answer["progress"])
        except BaseException:
            _stop(connection)
            raise
        connection.send_bytes(GO_ON)


def _stop(connection: Connection) -> None:
    """Have the child delete what it has written, and wait until it has ended."""
    with suppress(EOFError, ConnectionError):
        connection.send_bytes(STOP)
        connection.recv_bytes()
