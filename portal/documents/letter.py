"""What a letter says: the login instructions of one student, on one page."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from babel.dates import format_date
from markupsafe import Markup

from portal.documents.wording import ORIGINAL, Wording
from portal.text import access_code
from portal.text.language import gettext as _
from portal.text.language import in_language

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


#: The boxes of a letter, in the order of its style sheet.
BOXES = (
    "school", "place", "label", "name", "lead", "card", "start", "code", "until", "qr_code", "newcomer", "returning",
    "safe", "questions",
)  # fmt: skip

#: With an address window they come after "place".
WINDOW_BOXES = ("sender", "to")


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """The login instructions of one student.

    `code` is canonical: 12 symbols without separators. `join_url` is the whole address of the join page
    without a fragment. `expires_on` is the last day on which the code works. `ask_whom` says how the office
    is reached, in one to three lines. `language` is "en" or "es"; `paper` is "letter" or "a4".
    `home_language` is what the family reads, as far as it is known, in whatever spelling.
    `number` and `pile` (the homeroom in which it is handed out) stand on the cover sheet only. With
    `has_window`, the family's name and the `return_address` show in the window of an envelope.
    `wording` is what the school wrote in place of our own words.
    """

    school: str
    student: str
    grade_label: str
    homeroom: str
    code: str
    join_url: str
    sign_in_url: str
    expires_on: date
    ask_whom: str
    language: str = "en"
    home_language: str = ""
    paper: str = "letter"
    number: str = ""
    pile: str = ""
    has_window: bool = False
    return_address: str = ""
    wording: Wording = ORIGINAL

    @property
    def boxes(self) -> tuple[str, ...]:
        """The boxes it has, in the order of the style sheet."""
        return (*BOXES[:2], *WINDOW_BOXES, *BOXES[2:]) if self.has_window else BOXES

    @property
    def texts(self) -> dict[str, str]:
        """What stands in the boxes that differ from student to student."""
        name = self.student_name
        own = {"name": name, "place": self.place_in_school, "code": self.code_in_groups}
        return own | {"to": _to_the_family_of(self.language).format(name)} if self.has_window else own

    @property
    def student_name(self) -> str:
        """The student's name as it can be printed; words for it when nothing of it can."""
        return printable(self.student) or _your_child(self.language)

    @property
    def place_in_school(self) -> str:
        """Grade and homeroom in one line, without a gap where one of them is missing."""
        return " · ".join(filter(None, (printable(self.grade_label), printable(self.homeroom))))

    @property
    def code_in_groups(self) -> str:
        """The code as people read it, in groups of four."""
        return access_code.pretty(self.code)

    @property
    def scan_url(self) -> str:
        """What the QR code holds. The code is in the fragment, which no server is sent."""
        return f"{self.join_url}#{self.code}"

    @property
    def last_day(self) -> str:
        """The day the code expires, as the reader's language writes it."""
        return format_date(self.expires_on, format="long", locale=self.language)


def printable(text: str) -> str:
    """`text` composed (NFC), on one line, without the characters that cannot be drawn on paper."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    composed = VARIATION_SELECTORS.sub("", unicodedata.normalize("NFC", " ".join(text.split())))
    drawn = "".join(char for char in composed if _is_drawn(char))
    return " ".join(drawn.split())


def is_unspaced(text: str) -> bool:
    """Whether `text` has Chinese, Thai or the like in it, which wraps anywhere."""
    return UNSPACED.search(text) is not None


def in_words(url: str) -> str:
    """An address as people type it: without the scheme."""
    return url.partition("://")[2] or url


def link(url: str) -> Markup:
    """An address to be typed or clicked."""
    return Markup('<a href="{}">{}</a>').format(url, in_words(url))


def in_bold(url: str) -> Markup:
    """An address to be typed. Looks like a link: what pages share cannot have links of its own."""
    return Markup("<b>{}</b>").format(in_words(url))


@lru_cache
def _your_child(language: str) -> str:
    with in_language(language):
        return _("your child")


@lru_cache
def _to_the_family_of(language: str) -> str:
    """The sentence with a pair of braces where the name goes: thousands of letters need it."""
    with in_language(language):
        return _("To the family of %(name)s", name="{}")


def _is_drawn(char: str) -> bool:
    return unicodedata.category(char) not in UNDRAWN or char in DRAWN_AFTER_ALL
