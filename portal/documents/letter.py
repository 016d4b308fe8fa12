"""The text of a letter: the login instructions of one student, on one page."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from babel.dates import format_date
from markupsafe import Markup, escape

from portal.documents.printable import in_words, printable
from portal.documents.wording import ORIGINAL, Wording
from portal.text import access_code
from portal.text.language import gettext as _
from portal.text.language import in_language

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
        """Return the names of its boxes, in the order of the style sheet."""
        return (*BOXES[:2], *WINDOW_BOXES, *BOXES[2:]) if self.has_window else BOXES

    @property
    def texts(self) -> dict[str, str]:
        """Return the text by box of those that differ from student to student."""
        name = self.student_name
        own = {"name": name, "place": self.place_in_school, "code": self.code_in_groups}
        return own | {"to": _to_the_family_of(self.language).format(name)} if self.has_window else own

    def written(self, box: str) -> Markup:
        """Return the HTML that the school wrote for that box, with this student's values in place of placeholders."""
        return self.wording.filled(box, self.placeholders)

    @property
    def placeholders(self) -> dict[str, Markup]:
        """The value of each placeholder, escaped."""
        office = Markup("<br/>").join(printable(line) for line in self.ask_whom.splitlines())
        texts = {
            "student": self.student_name,
            "grade": printable(self.grade_label),
            "homeroom": printable(self.homeroom),
            "code": self.code_in_groups,
            "school": printable(self.school),
            "expires": self.last_day,
            "join": in_words(self.join_url),
            "sign_in": in_words(self.sign_in_url),
        }
        return {"office": office} | {name: escape(text) for name, text in texts.items()}

    @property
    def student_name(self) -> str:
        """Return the student's name as it can be printed, or "your child" when nothing of it can."""
        return printable(self.student) or _your_child(self.language)

    @property
    def place_in_school(self) -> str:
        """Return grade and homeroom on one line; only one of them where the other is missing."""
        return " · ".join(filter(None, (printable(self.grade_label), printable(self.homeroom))))

    @property
    def code_in_groups(self) -> str:
        """Return the code in groups of four symbols."""
        return access_code.pretty(self.code)

    @property
    def scan_url(self) -> str:
        """Return the address in the QR code. The code is in its fragment, which browsers do not send to servers."""
        return f"{self.join_url}#{self.code}"

    @property
    def last_day(self) -> str:
        """Return the last day on which the code works, as the letter's language writes it."""
        return format_date(self.expires_on, format="long", locale=self.language)


@lru_cache
def _your_child(language: str) -> str:
    with in_language(language):
        return _("your child")


@lru_cache
def _to_the_family_of(language: str) -> str:
    """Return the translated line with {} for the name, so that thousands of letters look it up once."""
    with in_language(language):
        return _("To the family of %(name)s", name="{}")
