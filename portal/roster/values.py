"""Parse single values as rosters write them: dates, grades, emails, lists, yes and no, the status of a line."""

import re
from datetime import date

from portal.roster.problems import Report
from portal.roster.table import Table
from portal.text.language import gettext as _

#: Grades below 1, by the codes of the Common Education Data Standards and other common spellings.
GRADES = {"PK": -1, "PREK": -1, "PRE-K": -1, "KG": 0, "K": 0, "KINDERGARTEN": 0}

_GRADE = re.compile(r"(?:GRADE\s*)?0*([1-9]|1[0-2])(?:ST|ND|RD|TH)?(?:\s*GRADE)?")
_EMAIL = re.compile(r"[^\s@,;<>\"()]+@[^\s@,;<>\"().]+(?:\.[^\s@,;<>\"().]+)+")
_DAY_OR_MONTH_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})\b")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})\b")

YES = frozenset({"true", "yes", "y", "1", "x"})

#: Dates outside these years are taken for typing errors.
FIRST_YEAR, LAST_YEAR = 1950, 2100


def is_yes(text: str) -> bool:
    """Whether `text` says yes: true, yes, y, 1, x."""
    return text in YES or text.lower() in YES


def split_list(text: str) -> tuple[str, ...]:
    """Return the values of a list, separated by commas as in OneRoster, or by semicolons."""
    if "," not in text and ";" not in text:
        return (text,) if text else ()
    return tuple(value for part in text.replace(";", ",").split(",") if (value := part.strip()))


def year(text: str) -> int | None:
    """Return the calendar year that `text` names, or None."""
    return int(text) if text.isdecimal() and FIRST_YEAR <= int(text[:5]) <= LAST_YEAR else None


def name(text: str) -> str:
    """Return `text` with single blanks."""
    return " ".join(text.split()) if " " in text or not text.isprintable() else text


def email(text: str, line: int, report: Report) -> str:
    """Return the email in lower case; for anything else return "" and report a remark."""
    if not text or _EMAIL.fullmatch(text):
        return text.lower()
    report.remark(line, "email", _("This is not an email address; it was left empty."))
    return ""


def grade(text: str, line: int, report: Report) -> int | None:
    """Return -1 for pre-kindergarten, 0 for kindergarten, or 1 to 12; of several grades the first.

    For anything else return None and report a remark.
    """
    if text in _STANDARD_GRADES:
        return _STANDARD_GRADES[text]
    first = (split_list(text) or ("",))[0].upper()
    match = _GRADE.fullmatch(first)
    if match or first in GRADES:
        return int(match[1]) if match else GRADES[first]
    report.remark(
        line, "grades", _("Grade %(grade)s is none from PK to 12; it was left empty.", grade=first[:20])
    )
    return None


_STANDARD_GRADES: dict[str, int | None] = {f"{number:02}": number for number in range(1, 13)}
_STANDARD_GRADES |= {"": None, "PK": -1, "KG": 0}


#: `inactive` is of OneRoster 1.0. In complete files the column should be empty.
DELETED = {"": False, "active": False, "tobedeleted": True, "inactive": True}


def is_deleted(status: str, line: int, report: Report) -> bool:
    """Whether the line says that its subject is gone. An unknown status counts as active and is reported."""
    if status in DELETED:
        return DELETED[status]
    if status.lower() not in DELETED:
        report.remark(
            line, "status", _("This status is neither active nor tobedeleted; it was read as active.")
        )
    return DELETED.get(status.lower(), False)


class Dates:
    """Parses the dates of one file: ISO 8601, or day and month in the order that the other dates of the file show."""

    def __init__(self, table: Table, positions: tuple[int, ...]) -> None:
        """`positions` says which values of a line are dates; they are read ahead to find the order."""
        self._table = table
        self._positions = positions
        #: The dates parsed so far, by text, because a roster has few different days.
        self.known: dict[str, date | None] = {"": None}
        self._is_day_first: bool | None = None

    def read(self, text: str, line: int, column: str) -> date | None:
        """Return the date; None for "", and for text that is no date, which is reported as a remark."""
        if text in self.known:
            return self.known[text]
        day = _iso(text) or self._with_separators(text)
        if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
            self._table.report.remark(line, column, _("This is not a date; it was left empty."))
            return None
        self.known[text] = day
        return day

    def _with_separators(self, text: str) -> date | None:
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
        """Count the dates of the file that can only be day/month/year, and those that can only be month/day/year."""
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
