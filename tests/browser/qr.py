"""Reading a QR code off a page, as far as a test needs it."""

import re
from urllib.parse import unquote

import segno
from playwright.sync_api import Locator

#: One run of dark modules as the page draws it: where it begins, and how long it is.
RUN = re.compile(r"M(\d+) (\d+)h(\d+)v1")


def shows(image: Locator, address: str) -> bool:
    """Whether a phone that scans `image` opens `address`: each module is that of its QR code."""
    drawn = unquote(image.get_attribute("src") or "").replace(f"h{_side(image)}v{_side(image)}", "")
    dark = {
        (int(x) + step, int(y)) for x, y, length in RUN.findall(drawn) for step in range(int(length))
    }
    return dark == _modules(address)


def _side(image: Locator) -> int:
    raise NotImplementedError
