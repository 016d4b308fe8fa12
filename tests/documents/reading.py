"""Reading PDFs back, as a family, a phone and a curious person would."""

import io
import re
import unicodedata

import pypdfium2 as pdfium
import segno
import zxingcpp
from PIL import Image, ImageChops, ImageFilter, ImageStat
from pypdf import PageObject, PdfReader

#: One dark rectangle of the QR code, as the page draws it: four corners in whole modules.
RECTANGLE = re.compile(rb"(\d+) (\d+) m (\d+) \d+ l \d+ \d+ l \d+ \d+ l h")

#: The QR code of bulk letters: the path after its place on the page, and a run of dark modules in it.
FILLED = re.compile(rb"q 0 g [-\d. ]+ cm ([^f]*)f Q")
MODULES = re.compile(rb"(\d+) (\d+) (\d+) 1 re")


def pages_of(pdf: bytes) -> list[PageObject]:
    return list(PdfReader(io.BytesIO(pdf)).pages)


def only_page(pdf: bytes) -> PageObject:
    [page] = pages_of(pdf)
    return page


def squeezed(text: str) -> str:
    """`text` without spaces and line ends, joined Arabic letters as the plain ones they stand for."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def drawn_modules(page: PageObject) -> set[tuple[int, int]]:
    """The dark modules of the QR code on `page`, counted from its first dark corner."""
    runs = [tuple(map(int, found)) for found in RECTANGLE.findall(page.get_contents().get_data())]
    dark = {(x, y) for left, y, right in runs if (left, y) != (0, 0) for x in range(left, right)}
    quiet = min(x for x, _ in dark)
    return {(x - quiet, y - quiet) for x, y in dark}


def every_way_to_draw(payload: str) -> list[set[tuple[int, int]]]:
    """The dark modules of all eight masks that hold `payload` at error level M."""
    codes = [segno.make(payload, error="m", mask=mask, boost_error=False, micro=False) for mask in range(8)]
    return [
        {(x, y) for y, row in enumerate(code.matrix) for x, dark in enumerate(row) if dark} for code in codes
    ]


def filled_modules(page: PageObject) -> set[tuple[int, int]]:
    """The dark modules of the QR code as bulk letters have them: rectangles of whole modules in one path."""
    [path] = FILLED.findall(page.get_contents().get_data())
    runs = [tuple(map(int, found)) for found in MODULES.findall(path)]
    return {(x, y) for left, y, width in runs for x in range(left, left + width)}


def picture(pdf: bytes, page: int = 0, *, scale: float = 2) -> Image.Image:
    """That page as it looks, in greys; `scale` is in pixels per point."""
    document = pdfium.PdfDocument(pdf)
    try:
        return document[page].render(scale=scale).to_pil().convert("L")
    finally:
        document.close()


def difference(one: Image.Image, other: Image.Image) -> float:
    """How much of the page looks otherwise: 0 is nothing, 1 is black in place of white everywhere."""
    assert one.size == other.size
    softened = [each.filter(ImageFilter.GaussianBlur(2)) for each in (one, other)]
    return ImageStat.Stat(ImageChops.difference(*softened)).mean[0] / 255


def scanned(seen: Image.Image) -> list[str]:
    """What a phone reads in every code on that picture."""
    return [found.text for found in zxingcpp.read_barcodes(seen)]
