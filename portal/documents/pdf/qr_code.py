"""QR codes: one as an image, and thousands that differ in an access code only."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import quote

import segno

from portal.text.access_code import ALPHABET, LENGTH

#: Characters that are not percent-encoded in the address of an image: it is a third shorter that way.
SVG_UNQUOTED = "/:=,<> "

#: White modules around the dark ones, as ISO/IEC 18004 asks for.
QUIET_ZONE = 4

#: Bits in which one ASCII character may differ from another.
BITS = 7

#: How many modules of a row one piece has. Wider pieces give shorter paths and larger tables.
PIECE = 11

DARK_RUN = re.compile("1+")


def qr_image(payload: str) -> str:
    """Return the QR code of `payload`, with its quiet zone, as the data: address of an SVG image.

    Mode, mask and error level are fixed, so that the letters of one school differ only where their codes do.
    """
    code = _code(payload)
    side, _ = code.symbol_size()
    path = "".join(_runs(code.matrix_iter()))
    white, black = f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/>', f'<path fill="#000" d="{path}"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}">{white}{black}</svg>'
    return f"data:image/svg+xml,{quote(svg, safe=SVG_UNQUOTED)}"


class QrCodes:
    """Makes the QR codes of `prefix` followed by an access code, about fifty times as fast as segno.

    With version, mode, mask and error level fixed, each module is an affine function over GF(2) of the payload's bits.
    So a table says which modules change when a character replaces the zero at its position in the code, and the modules
    of a code are those of twelve zeros, changed once for each of its characters (exclusive or).
    """

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        zeros = "0" * LENGTH
        self.side = len(_code(prefix + zeros).matrix)
        self._zeros = self.by_segno(zeros)
        self._table = [self._column(place) for place in range(LENGTH)]
        self._pieces = [_Piece(x, y, self.side) for y in range(self.side) for x in range(0, self.side, PIECE)]

    def modules(self, code: str) -> int:
        """Return all modules as one number, row by row from the highest bit: 1 is dark."""
        modules = self._zeros
        for column, symbol in zip(self._table, code, strict=True):
            modules ^= column[symbol]
        return modules

    def path(self, code: str) -> str:
        """Return the dark modules as a PDF path of rectangles: a module is 1 by 1, rows are counted downwards."""
        bits = format(self.modules(code), f"0{self.side * self.side}b")
        return "".join([piece[bits[piece.start : piece.end]] for piece in self._pieces])

    def by_segno(self, code: str) -> int:
        """Return the same as `modules`, made by segno, which is slow."""
        return _number(_code(self._prefix + code).matrix)

    def _column(self, place: int) -> dict[str, int]:
        def turned_by(bit: int) -> int:
            other = chr(ord("0") ^ 1 << bit)
            return self.by_segno("0" * place + other + "0" * (LENGTH - place - 1)) ^ self._zeros

        turned = [turned_by(bit) for bit in range(BITS)]
        return {symbol: _sum_of(turned, ord(symbol) ^ ord("0")) for symbol in ALPHABET}


@lru_cache(maxsize=4)
def qr_codes_for(prefix: str) -> QrCodes:
    """Return the maker of QR codes for that prefix. Raises ArithmeticError when it disagrees with segno."""
    qr_codes = QrCodes(prefix)
    samples = (ALPHABET[:LENGTH], ALPHABET[-LENGTH:], ALPHABET[::-3] + "7")
    if any(qr_codes.modules(sample[:LENGTH]) != qr_codes.by_segno(sample[:LENGTH]) for sample in samples):
        raise ArithmeticError("The table of QR codes is wrong.")
    return qr_codes


class _Piece(dict[str, str]):
    """A piece of one row: remembers the rectangles for each pattern of its bits."""

    def __init__(self, x: int, y: int, side: int) -> None:
        self.x, self.y = x, y
        self.start = y * side + x
        self.end = min(self.start + PIECE, (y + 1) * side)

    def __missing__(self, bits: str) -> str:
        runs = (run.span() for run in DARK_RUN.finditer(bits))
        path = self[bits] = "".join(f"{self.x + start} {self.y} {end - start} 1 re " for start, end in runs)
        return path


def _code(payload: str) -> segno.QRCode:
    return segno.make(payload, mode="byte", error="m", mask=2, boost_error=False, micro=False)


def _number(rows: Iterable[Iterable[int]]) -> int:
    return int("".join("1" if dark else "0" for row in rows for dark in row), 2)


def _sum_of(turned: list[int], bits: int) -> int:
    modules = 0
    for place, each in enumerate(turned):
        if bits >> place & 1:
            modules ^= each
    return modules


def _runs(rows: Iterable[Iterable[int]]) -> Iterator[str]:
    """Yield each horizontal run of dark modules as a closed rectangle of an SVG path."""
    for y, row in enumerate(rows):
        start = None
        for x, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                yield f"M{start} {y}h{x - start}v1h{start - x}z"
                start = None
