"""Open the files of a roster: a zip archive, a folder, or a single CSV file."""

import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from portal.roster.problems import NotARoster
from portal.text.language import gettext as _

#: The names of the files that are read, in lower case without `.csv`. Other files are ignored.
KNOWN = frozenset(
    {
        "manifest", "orgs", "academicsessions", "classes", "users", "roles", "enrollments", "pedagogue", "attendance",
    }
)  # fmt: skip

#: The exceptions that `zipfile` and the decompressors raise on a broken archive.
BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error,
    EOFError, OSError, RuntimeError, ValueError, LookupError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a roster may be. One of a million students has about 500 MB, and about 50 MB when packed."""

    unpacked_bytes: int = 1 << 30
    entries: int = 1_000
    #: Unpacked bytes per packed byte, checked only for entries larger than `small_bytes`.
    ratio: int = 150
    small_bytes: int = 4 << 20


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Source:
    """One file of a roster: its name, its size in bytes, and a function that opens it, as often as needed."""

    name: str
    size: int
    open: Callable[[], IO[bytes]]


@contextmanager
def opened(path: Path, limits: Limits = LIMITS) -> Iterator[Mapping[str, Source]]:
    """Yield the CSV files at `path` by lower-case name without `.csv`.

    A single CSV file of another name is taken for a staff file and named "pedagogue". Raises NotARoster, now or
    while a file is read, when there is nothing to read, the archive is broken, or it is too large.
    """
    if path.is_dir():
        yield _checked(_folder(path, limits), limits)
    elif not path.is_file() or path.stat().st_size == 0:
        raise NotARoster(_("There is nothing here to read: the file is empty or does not exist."))
    elif not _starts_as_zip(path):
        yield _checked([_file(path)], limits)
    else:
        with _unpacked(path, limits) as sources:
            yield _checked(sources, limits)


def _checked(sources: Iterable[Source], limits: Limits) -> Mapping[str, Source]:
    tables = _by_name(list(sources))
    if sum(source.size for source in tables.values()) > limits.unpacked_bytes:
        raise NotARoster(_("This roster is too big to be read."))
    if not tables.keys() & {"orgs", "users", "enrollments", "classes", "pedagogue", "attendance"}:
        raise NotARoster(
            _(
                "None of the files of a roster is here. "
                "Give orgs.csv, users.csv and so on, or one file of staff or of attendance."
            )
        )
    return tables


def _by_name(sources: list[Source]) -> dict[str, Source]:
    tables: dict[str, Source] = {}
    for source in sources:
        name = PurePosixPath(source.name).stem.lower()
        if name in tables:
            raise NotARoster(_("%(file)s is here twice. Keep one of them.", file=source.name))
        tables[name] = source
    if len(tables) == 1 and not tables.keys() & KNOWN:
        return {"pedagogue": sources[0]}
    return {name: source for name, source in tables.items() if name in KNOWN}


def _folder(path: Path, limits: Limits) -> Iterator[Source]:
    places = [path, *sorted(place for place in path.iterdir() if place.is_dir())]
    files = [file for place in places for file in sorted(place.iterdir()) if file.is_file()]
    if len(files) > limits.entries:
        raise NotARoster(_("There are too many files here for a roster."))
    return (_file(file) for file in files if _is_csv(file.name))


def _file(path: Path) -> Source:
    def open_file() -> IO[bytes]:
        try:
            return path.open("rb")
        except OSError as error:
            raise NotARoster(_("%(file)s cannot be opened.", file=path.name)) from error

    return Source(path.name, path.stat().st_size, open_file)


def _starts_as_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK"


@contextmanager
def _unpacked(path: Path, limits: Limits) -> Iterator[list[Source]]:
    try:
        archive = zipfile.ZipFile(path)
    except BROKEN as error:
        raise NotARoster(
            _("This zip file is broken or only half of it arrived. Please send it again.")
        ) from error
    with archive:
        entries = archive.infolist()
        _refuse_unsafe(entries, limits)
        yield [_member(archive, entry) for entry in entries if _is_csv(entry.filename)]


def _refuse_unsafe(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > limits.entries:
        raise NotARoster(_("There are too many files here for a roster."))
    if sum(entry.file_size for entry in entries) > limits.unpacked_bytes or any(
        _is_zip_bomb(entry, limits) for entry in entries
    ):
        raise NotARoster(_("This zip file would unpack to far more than a roster. It was not opened."))
    if any(_leads_outside(entry.filename) for entry in entries):
        raise NotARoster(_("This zip file names places outside itself. It was not opened."))
    if any(entry.filename == "[Content_Types].xml" for entry in entries):
        raise NotARoster(_("This is a spreadsheet or document, not a roster. Save it as CSV and send that."))
    if any(entry.flag_bits & 1 for entry in entries):
        raise NotARoster(_("This zip file is locked with a password. Send it without one."))


def _is_zip_bomb(entry: zipfile.ZipInfo, limits: Limits) -> bool:
    return entry.file_size > max(limits.small_bytes, limits.ratio * entry.compress_size)


def _leads_outside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or name[1:2] == ":"


def _is_csv(name: str) -> bool:
    path = PurePosixPath(name)
    return path.suffix.lower() == ".csv" and not path.name.startswith(".") and "__MACOSX" not in path.parts


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Source:
    def open_member() -> IO[bytes]:
        try:
            return archive.open(entry)
        except BROKEN as error:
            raise NotARoster(
                _("%(file)s cannot be unpacked: the zip file is broken.", file=entry.filename)
            ) from error

    return Source(PurePosixPath(entry.filename).name, entry.file_size, open_member)
