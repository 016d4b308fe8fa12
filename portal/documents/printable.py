"""Text as it can be printed: which characters the typefaces have, where lines may end, how addresses are written."""

import re
import unicodedata

from markupsafe import Markup

#: What a name is cleared of, as Unicode names its categories: emoji and other pictures, their skin tones and
#: keycaps, and marks nobody sees (joiners, direction overrides, controls). No font of ours draws them.
UNDRAWN = {"So", "Sk", "Me", "Cf", "Cc", "Cs", "Co", "Cn"}

#: Of those, accents that stand alone, and the mark that parts the halves of a Persian name.
DRAWN_AFTER_ALL = "`^\u00a8\u00b4\u00af\u00b8\u200c"

#: Variation selectors count as accents but only ever follow an emoji or a rare form of a character.
VARIATION_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")

#: Scripts written without spaces between words, whose lines may end between any two characters.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai and Lao, Burmese, Khmer
    "\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"  # Chinese characters and Japanese syllables
)


def printable(text: str) -> str:
    """Return `text` composed (NFC), on one line, without the characters that no typeface has."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    composed = VARIATION_SELECTORS.sub("", unicodedata.normalize("NFC", " ".join(text.split())))
    drawn = "".join(char for char in composed if _is_drawn(char))
    return " ".join(drawn.split())


def is_unspaced(text: str) -> bool:
    """Return whether `text` has characters of a script without spaces, such as Chinese or Thai."""
    return UNSPACED.search(text) is not None


def in_words(url: str) -> str:
    """Return an address without its scheme, as people type it."""
    return url.partition("://")[2] or url


def link(url: str) -> Markup:
    """Return an address as a link."""
    return Markup('<a href="{}">{}</a>').format(url, in_words(url))


def in_bold(url: str) -> Markup:
    """Return an address in bold, which looks like a link: what pages share cannot have links."""
    return Markup("<b>{}</b>").format(in_words(url))


def _is_drawn(char: str) -> bool:
    return unicodedata.category(char) not in UNDRAWN or char in DRAWN_AFTER_ALL
