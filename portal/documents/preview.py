"""Previews: lay out the letter that somebody writes, in a process of its own with little memory and time."""

import json
import subprocess
import sys
import threading
from dataclasses import asdict
from datetime import date
from typing import Any, NamedTuple

from portal.documents.letter import Letter
from portal.documents.pdf.engine import PrintingFailed
from portal.documents.wording import Wording

#: Memory of the whole process. The engine and its typefaces alone take 350 MB of addresses.
MEMORY_BYTES = 700 * 2**20

#: Seconds of processor time; a preview takes one or two.
CPU_SECONDS = 15

#: Seconds until the process is ended, since the machine may have other work to do.
PATIENCE_SECONDS = 45

#: At most so many at once, so that pages are answered meanwhile.
_AT_ONCE = threading.BoundedSemaphore(2)


class LetterPreview(NamedTuple):
    """The page, and the names of the boxes whose text does not fit unless it is too small to be read."""

    pdf: bytes
    crowded: list[str]


def preview_letter(letter: Letter) -> LetterPreview:
    """Lay out `letter` within the limits above. Raises PrintingFailed when they do not suffice."""
    if not _AT_ONCE.acquire(timeout=PATIENCE_SECONDS):
        raise PrintingFailed("Too many pages are being made at the moment. Try again in a minute.")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "portal.documents.preview_process"],
            input=as_json(letter),
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            check=True,
        )
    except (subprocess.SubprocessError, OSError):
        done = None  # Raised below: what the process wrote may quote the letter.
    finally:
        _AT_ONCE.release()
    if done is None:
        raise PrintingFailed("This text takes too much memory or time to be laid out.")
    crowded, _line, pdf = done.stdout.partition(b"\n")
    return LetterPreview(pdf, json.loads(crowded))


def as_json(letter: Letter) -> bytes:
    """Return the letter as JSON, to be sent to the process."""
    return json.dumps(asdict(letter) | {"expires_on": letter.expires_on.isoformat()}).encode()


def from_json(sent: bytes) -> Letter:
    """Return the letter that `as_json` made this JSON of."""
    fields: dict[str, Any] = json.loads(sent)
    boxes = tuple((box, html) for box, html in fields.pop("wording")["boxes"])
    expires_on = date.fromisoformat(fields.pop("expires_on"))
    return Letter(**fields, expires_on=expires_on, wording=Wording(boxes))
