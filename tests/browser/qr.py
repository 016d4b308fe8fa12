"""Reading a QR code off a page, as far as a test needs it."""

import re
from urllib.parse import unquote

import segno
from playwright.sync_api import Locator

#: One run of dark modules as the page draws it: where it begins, and how long it is.
RUN = re.compile(r"M(\d+) (\d+)h(\d+)v1h")


def opens(image: Locator, address: str) -> bool:
    """Whether a phone that scans `image` goes to `address`: each module is as a QR code of it has it."""
    runs = RUN.findall(unquote(image.get_attribute("src") or ""))
    drawn = {(int(x) + step, int(y)) for x, y, length in runs for step in range(int(length))}
    return any(drawn == _modules(address, mask) for mask in range(8))


def _modules(address: str, mask: int) -> set[tuple[int, int]]:
    code = segno.make(address, mode="byte", error="m", mask=mask, boost_error=False, micro=False)
    return {(x, y) for y, row in enumerate(code.matrix_iter()) for x, dark in enumerate(row) if dark}
