"""Access codes as a spreadsheet for a mail merge: cells that no program takes for formulas, one student a line."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from portal.documents.spreadsheets import BYTE_ORDER_MARK, lines
from portal.models.codes.export import Exported
from portal.text.access_code import pretty
from portal.web.templating import grade

COLUMNS = (
    "School", "Grade", "Homeroom", "Student number", "Student", "Code", "Link", "Language", "Expires",
)  # fmt: skip

#: Lines that are sent together.
STRIDE = 200


def sheet(students: Iterable[Exported], *, join_url: str) -> Iterator[str]:
    """The file piece by piece. `join_url` is where families type the code; the link carries it in its fragment."""
    yield BYTE_ORDER_MARK + lines([COLUMNS])
    batch: list[tuple[str, ...]] = []
    for student in students:
        batch.append(_cells(student, join_url))
        if len(batch) == STRIDE:
            yield lines(batch)
            batch = []
    yield lines(batch)


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
