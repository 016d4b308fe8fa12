"""Tables for a spreadsheet: CSV in UTF-8 whose cells no program takes for formulas."""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain
from types import SimpleNamespace

from portal import clock
from portal.models.codes.export import Exported
from portal.models.figures.network_sums import STAFF
from portal.models.rows import batched
from portal.text.access_code import pretty
from portal.web.templating import grade

#: Excel takes a file for UTF-8 when it begins so.
BYTE_ORDER_MARK = "\ufeff"

#: A cell that begins with one of these is a formula to Excel, LibreOffice or Google Sheets (OWASP, CSV Injection).
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

#: Lines that are written, and sent, together.
PIECE = 200

CODE_COLUMNS = (
    "School", "Grade", "Homeroom", "Student number", "Student", "Code", "Link", "Language", "Expires",
)  # fmt: skip

NETWORK_COLUMNS = {
    "enrolled": "Students",
    "enabled": "Enabled",
    "with_one": "1+ guardian",
    "with_two": "2+ guardians",
    "days_known": "Days known",
    "days_absent": "Days absent",
    "supports": "Supports running",
    "without_point_person": "Without point person",
}


def spreadsheet(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Write these rows, the first of them the titles; return the file piece by piece."""
    yield BYTE_ORDER_MARK
    for some in batched(rows, PIECE):
        yield _lines(some)


def sheet_of_codes(students: Iterable[Exported], *, join_url: str) -> Iterator[str]:
    """Write access codes for a mail merge, one student a line.

    `join_url` is where families type the code; the link of each line carries the code in its fragment.
    """
    return spreadsheet(chain([CODE_COLUMNS], (_code_cells(each, join_url) for each in students)))


def sheet_of_network(schools: Iterable[SimpleNamespace]) -> str:
    """Write the numbers of a network, one school a line. What is too small to be shown is an empty cell."""
    titles = ("School", *NETWORK_COLUMNS.values(), *(column.info["label"] for column in STAFF))
    names = (*NETWORK_COLUMNS, *(column.name for column in STAFF))
    lines = ([each.name, *_numbers(each, names)] for each in schools)
    return "".join(spreadsheet([titles, *lines]))


def harmless(text: str) -> str:
    """`text` as a cell that stays text: spaces before a sign do not hide it."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(FORMULA_SIGNS) else text


def _lines(rows: Iterable[Iterable[str]]) -> str:
    paper = io.StringIO()
    csv.writer(paper).writerows([harmless(cell) for cell in row] for row in rows)
    return paper.getvalue()


def _code_cells(student: Exported, join_url: str) -> tuple[str, ...]:
    code = student.code
    last_day = clock.last_day_before(student.ends_at, student.time_zone)
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


def _numbers(school: SimpleNamespace, names: Iterable[str]) -> Iterator[str]:
    return ("" if (value := getattr(school, name)) is None else str(value) for name in names)
