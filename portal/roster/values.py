"""Single values as rosters write them: dates, grades, emails, lists, yes and no."""

import re
from datetime import date

from portal.roster.problems import Report
from portal.roster.table import Table
from portal.text.language import gettext as _

#: Grades by the codes of the Common Education Data Standards, and how people write them.
GRADES = {"PK": -1, "PREK": -1, "PRE-K": -1, "KG": 0, "K": 0, "KINDERGARTEN": 0}

_GRADE = re.compile(r"(?:GRADE\s*)?0*([1-9]|1[0-2])(?:ST|ND|RD|TH)?(?:\s*GRADE)?")
_EMAIL = re.compile(r"[^\s@,;<>\"()]+@[^\s@,;<>\"().]+(?:\.[^\s@,;<>\"().]+)+")
_DAY_OR_MONTH_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})\b")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})\b")

YES = frozenset({"true", "yes", "y", "1", "x"})

#: Days outside these years are slips of the pen.
FIRST_YEAR, LAST_YEAR = 1950, 2100


def is_yes(text: str) -> bool:
    """Whether `text` says yes: true, yes, y, 1, x."""
    return text in YES or text.lower() in YES


def listed(text: str) -> tuple[str, ...]:
    """The values of a list as OneRoster writes it: `a,b`, and also `a;b`."""
    if "," not in text and ";" not in text:
        return (text,) if text else ()
    return tuple(value for part in text.replace(";", ",").split(",") if (value := part.strip()))


def year(text: str) -> int | None:
    """The calendar year `text` names, None when it names none."""
    return int(text) if text.isdecimal() and FIRST_YEAR <= int(text[:5]) <= LAST_YEAR else None


def name(text: str) -> str:
    """A name with single blanks."""
    return " ".join(text.split()) if " " in text or not text.isprintable() else text


def email(text: str, line: int, report: Report) -> str:
    """An address in lower case; "", with a remark, when it is none."""
    if not text or _EMAIL.fullmatch(text):
        return text.lower()
    report.remark(line, "email", _("This is not an email address; it was left empty."))
    return ""


def grade(text: str, line: int, report: Report) -> int | None:
    """-1 for pre-kindergarten, 0 for kindergarten, 1 to 12; None, with a remark, for anything else.

    Of several grades the first is taken.
    """
    if text in _WELL_WRITTEN:
        return _WELL_WRITTEN[text]
    first = (listed(text) or ("",))[0].upper()
    match = _GRADE.fullmatch(first)
    if match or first in GRADES:
        return int(match[1]) if match else GRADES[first]
    report.remark(
        line, "grades", _("Grade %(grade)s is none from PK to 12; it was left empty.", grade=first[:20])
    )
    return None


_WELL_WRITTEN: dict[str, int | None] = {f"{number:02}": number for number in range(1, 13)}
_WELL_WRITTEN |= {"": None, "PK": -1, "KG": 0}


#: `inactive` is of OneRoster 1.0. In complete files the column should be empty.
DELETED = {"": False, "active": False, "tobedeleted": True, "inactive": True}


def is_deleted(status: str, line: int, report: Report) -> bool:
    """Whether the line takes away what it is about. Anything unheard of counts as active, with a remark."""
    if status in DELETED:
        return DELETED[status]
    if status.lower() not in DELETED:
        report.remark(
            line, "status", _("This status is neither active nor tobedeleted; it was read as active.")
        )
    return DELETED.get(status.lower(), False)


class Dates:
    """Reads the dates of one file: by ISO 8601, else day first or month first as the whole file shows."""

    def __init__(self, table: Table, positions: tuple[int, ...]) -> None:
        """`positions` says which of the table's values are dates, to look ahead in."""
        self._table = table
        self._positions = positions
        #: What was read so far: a roster has few different days.
        self.known: dict[str, date | None] = {"": None}
        self._is_day_first: bool | None = None

    def read(self, text: str, line: int, column: str) -> date | None:
        """The day, or None: when there is none, or, with a remark, when it cannot be read."""
        if text in self.known:
            return self.known[text]
        day = _iso(text) or self._by_slashes(text)
        if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
            self._table.report.remark(line, column, _("This is not a date; it was left empty."))
            return None
        self.known[text] = day
        return day

    def _by_slashes(self, text: str) -> date | None:
        match = _DAY_OR_MONTH_FIRST.match(text)
        if match is None:
            return None
        first, second, year = (int(part) for part in match.groups())
        day, month = (first, second) if self._has_day_first() else (second, first)
        return _date(year + 2000 if year < 100 else year, month, day)

    def _has_day_first(self) -> bool:
        if self._is_day_first is None:
            days, months = self._look_ahead()
            self._is_day_first = days > months
            self._table.report.remark(0, "", self._decision(is_certain=days != months))
        return self._is_day_first

    def _look_ahead(self) -> tuple[int, int]:
        """How many dates of the file can only be day/month/year, and how many only month/day/year."""
        days = months = 0
        for _line, values in self._table.read_quietly():
            for position in self._positions:
                if match := _DAY_OR_MONTH_FIRST.match(values[position]):
                    days += int(match[1]) > 12
                    months += int(match[2]) > 12
        return days, months

    def _decision(self, *, is_certain: bool) -> str:
        if not is_certain:
            return _("Dates such as 1/5/2023 do not say which comes first; they were read as month/day/year.")
        if self._is_day_first:
            return _("Dates such as 1/5/2023 were read as day/month/year, as other dates of this file show.")
        return _("Dates such as 1/5/2023 were read as month/day/year, as other dates of this file show.")


def _iso(text: str) -> date | None:
    if match := _YEAR_FIRST.match(text):
        return _date(*(int(part) for part in match.groups()))
    try:
        return date.fromisoformat(text.split("T")[0].split(" ")[0])
    except ValueError:
        return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
