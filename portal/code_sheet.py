"""Access codes as a spreadsheet for a mail merge: cells that no program takes for formulas, one student a line."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from portal.access_code_text import pretty
from portal.models.code_export import Exported
from portal.templating import grade

COLUMNS = (
    "School", "Grade", "Homeroom", "Student number", "Student", "Code", "Link", "Language", "Expires",
)  # fmt: skip

#: Excel takes a file for UTF-8 when it begins so.
BYTE_ORDER_MARK = "\ufeff"

#: A cell that begins with one of these is a formula to Excel, LibreOffice or Google Sheets (OWASP, CSV Injection).
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

#: Lines that are sent together.
STRIDE = 200


def sheet(students: Iterable[Exported], *, join_url: str) -> Iterator[str]:
    """The file piece by piece. `join_url` is where families type the code; the link carries it in its fragment."""
    yield BYTE_ORDER_MARK + _lines([COLUMNS])
    batch: list[tuple[str, ...]] = []
    for student in students:
        batch.append(_cells(student, join_url))
        if len(batch) == STRIDE:
            yield _lines(batch)
            batch = []
    yield _lines(batch)


def harmless(text: str) -> str:
    """`text` as a cell that stays text: spaces before a sign do not hide it."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(FORMULA_SIGNS) else text


def _cells(student: Exported, join_url: str) -> tuple[str, ...]:
    code = student.code
    last_day = (student.ends_at - timedelta(seconds=1)).astimezone(ZoneInfo(student.time_zone)).date()
    return (
        student.school,
        grade(student.grade),
        student.homeroom or "",
        student.number or "",
        student.student,
        pretty(code),
        f"{join_url}#{code}",
        student.language or student.school_language,
        last_day.isoformat(),
    )


def _lines(rows: Iterable[Iterable[str]]) -> str:
    paper = io.StringIO()
    csv.writer(paper).writerows([harmless(cell) for cell in row] for row in rows)
    return paper.getvalue()
