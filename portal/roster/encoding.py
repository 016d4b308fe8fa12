"""Find the character encoding of a file: by its byte order mark, as UTF-8 or UTF-16, or by a reported guess."""

import codecs
import re
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from typing import IO, NamedTuple

from portal.roster.archive import BROKEN, Source
from portal.roster.problems import NotARoster
from portal.text.language import gettext as _

#: Byte order marks; UTF-32 first, because its little-endian mark begins with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
CHUNK = 1 << 20
#: How many lines with characters beyond ASCII a guess is made from.
SAMPLE_LINES = 200
#: The characters beyond ASCII in rosters from Windows in the Americas or western Europe.
WESTERN = frozenset("áàâäãåæçéèêëíìîïñóòôöõøœúùûüýÿßÁÀÂÄÃÅÆÇÉÈÊËÍÌÎÏÑÓÒÔÖÕØŒÚÙÛÜÝŸ‘’“”´–—ªº°\xa0")
CANDIDATES = ["cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "mac_roman",
              "gb18030", "big5", "shift_jis", "euc_kr"]  # fmt: skip

_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
#: An accented letter in Mac Roman appears as a dash within a word when it is read as Windows-1252.
_DASH_IN_A_WORD = re.compile(r"[^\W\d_][–—][^\W\d_]")


class Encoding(NamedTuple):
    """The name of a codec, and a remark for the importer when it was guessed."""

    codec: str
    remark: str = ""


def encoding_of(source: Source) -> Encoding:
    """Read the whole of `source` and return its encoding. Raises NotARoster when it cannot be read."""
    with source.open() as file:
        start = read(file, 4096)
    for mark, codec in MARKS:
        if start.startswith(mark):
            return Encoding(codec)
    return Encoding(codec) if (codec := _utf_16_by_zeros(start)) else _utf_8_or_guess(source)


def chunks(file: IO[bytes], size: int = CHUNK) -> Iterator[bytes]:
    """Yield the bytes of `file`, at most `size` at a time. Raises NotARoster when the archive breaks off."""
    return iter(partial(read, file, size), b"")


def read(file: IO[bytes], size: int) -> bytes:
    """Return at most `size` bytes; b"" at the end. Raises NotARoster when the archive breaks off."""
    try:
        return file.read(size)
    except BROKEN as error:
        raise NotARoster(
            _("The file breaks off: only a part of it arrived. Please send it again.")
        ) from error


def _utf_16_by_zeros(start: bytes) -> str:
    """Return the codec of UTF-16 text without a mark, where every second byte of ASCII is zero; else ""."""
    half = len(start) // 2
    if start[1::2].count(0) > half // 2:
        return "utf-16-le"
    return "utf-16-be" if start[::2].count(0) > half // 2 else ""


def _utf_8_or_guess(source: Source) -> Encoding:
    if _is_utf_8(source):
        return Encoding("utf-8")
    lines = list(islice(_accented_lines(source), SAMPLE_LINES))
    if sum(map(_decodes_as_utf_8, lines)) * 2 > len(lines):
        return Encoding(
            "utf-8", _("Some characters are not UTF-8, as the rest of the file is. They were replaced.")
        )
    codec = _guess(lines)
    name = codec.replace("cp125", "Windows-125")
    example = next((_name_in(line, codec) for line in lines), "")
    return Encoding(
        codec, _("Not UTF-8; read as %(name)s. Check a name: %(example)s.", name=name, example=example)
    )


def _is_utf_8(source: Source) -> bool:
    """Whether all of it is UTF-8. An incomplete character at the very end is reported with the last line instead."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with source.open() as file:
        try:
            for chunk in chunks(file):
                decoder.decode(chunk)
        except UnicodeDecodeError:
            return False
    return True


def _accented_lines(source: Source) -> Iterator[bytes]:
    with source.open() as file:
        for chunk in chunks(file):
            yield from (line[:500] for line in chunk.splitlines() if _BEYOND_ASCII.search(line))


def _decodes_as_utf_8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _guess(lines: list[bytes]) -> str:
    """Return the likely codec: western European if all letters fit, because statistics fail on a few accents."""
    sample = b"\n".join(lines)
    for codec in ("cp1252", "mac_roman"):
        if _looks_western(sample.decode(codec, "replace")):
            return codec
    from charset_normalizer import from_bytes  # noqa: PLC0415 - takes 2 MiB, and files in Cyrillic and Greek are rare

    best = from_bytes(sample[:20_000], cp_isolation=CANDIDATES).best()
    return best.encoding if best else "cp1252"


def _looks_western(text: str) -> bool:
    """Whether `text` has only letters of western Europe, at most half of a word beyond ASCII.

    Cyrillic decoded with the wrong codec consists of accented letters only.
    """
    words = [word for word in re.findall(r"\w+", text) if not word.isascii()]
    letters = "".join(words)
    accents = [letter for letter in text if not letter.isascii()]
    is_sparse = sum(map(_is_beyond_ascii, letters)) * 2 <= max(len(letters), 2)
    return is_sparse and WESTERN.issuperset(accents) and not _DASH_IN_A_WORD.search(text)


def _is_beyond_ascii(letter: str) -> bool:
    return not letter.isascii()


def _name_in(line: bytes, codec: str) -> str:
    fields: Iterable[str] = re.split(r'[,;\t"]', line.decode(codec, "replace"))
    return next((field.strip()[:40] for field in fields if not field.isascii()), "")
