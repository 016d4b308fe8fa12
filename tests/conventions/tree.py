"""House rules for every kind of file."""

import io
import re
import subprocess
from collections.abc import Callable

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
MACHINE = re.compile(r"(?<![\w.:/])/(?:home|root|Users)/\w+")
SECRET = re.compile(r"BEGIN (?:[A-Z]+ )?PRIVATE KEY")


def at_most(limit: int) -> Callable[[str], list[str]]:
    """A rule: no more than `limit` lines."""

    def file_is_short(text: str) -> list[str]:
        lines = len(text.splitlines())
        return [f"has {lines} lines, {limit} are allowed"] if lines > limit else []

    file_is_short.__name__ = f"at_most_{limit}_lines"
    return file_is_short


def file_is_finished(text: str) -> list[str]:
    """Nothing left for later, no path of somebody's machine, no key."""
    return [
        f"contains {match}" for pattern in (UNFINISHED, MACHINE, SECRET) for match in pattern.findall(text)
    ]


def lock_is_portable(lock: str) -> list[str]:
    """Every package has one version and its hashes, and comes from wherever the installer is told to look."""
    packages = re.findall(r"^(?! )(?:[^\n]*\\\n)*[^\n]+", lock, re.MULTILINE)
    pinned = re.compile(r"[\w-]+==[^\s;]+( ;[^\\]+)?(\s*\\\s+--hash=sha256:[0-9a-f]{64})+")
    return [f"not pinned: {package}" for package in packages if not pinned.fullmatch(package)]


def script_is_posix(script: str) -> list[str]:
    """Debian's sh reads it."""
    complaints = [] if script.startswith("#!/bin/sh\n") else ["is not for /bin/sh"]
    bashisms = re.findall(r"\[\[|^\s*function |^\s*local |<<<|\bsource ", script, re.MULTILINE)
    parsed = subprocess.run(["/bin/sh", "-n"], input=script, text=True, capture_output=True, check=False)
    return complaints + [f"uses {match.strip()}" for match in bashisms] + parsed.stderr.splitlines()


def catalogue_is_complete(catalogue: str) -> list[str]:
    """Every sentence is translated, and by a person."""
    return [
        f"not translated: {message.id}"
        for message in read_po(io.StringIO(catalogue))
        if message.id and (message.fuzzy or not all(_strings(message.string)))
    ]


def compiled(catalogue: str) -> bytes:
    """What the catalogue is when compiled."""
    machine_readable = io.BytesIO()
    write_mo(machine_readable, read_po(io.StringIO(catalogue)))
    return machine_readable.getvalue()


def _strings(translation: str | tuple[str, ...]) -> tuple[str, ...]:
    return (translation,) if isinstance(translation, str) else translation
