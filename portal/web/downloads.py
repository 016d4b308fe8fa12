"""Sends a file for the browser to keep, under a safe name. Apart because views and the worker share it."""

import re
from collections.abc import Iterable
from pathlib import Path

from flask import Response, send_file

from portal.models.rows import fold

#: What a file is, by the end of its name.
TYPES = {".csv": "text/csv; charset=utf-8", ".pdf": "application/pdf", ".zip": "application/zip"}


def send(content: str | bytes | Iterable[str] | Path, name: str) -> Response:
    """Answer with a file to be kept, and with nothing that a cache keeps.

    `content` is the whole file, its pieces, or where it lies. `name` is plain ASCII, as `plain` makes it, and ends
    with one of TYPES.
    """
    kind = TYPES[Path(name).suffix]
    if isinstance(content, Path):
        answer = send_file(content, mimetype=kind, conditional=False, etag=False)
    else:
        answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def plain(words: str) -> str:
    """`words` as part of a file's name: a–z, digits and hyphens, at most sixty; empty when none of them is left."""
    return re.sub(r"[^a-z0-9]+", "-", fold(words)).strip("-")[:60]
