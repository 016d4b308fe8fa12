"""Parse attendance.csv: the attendance of one student on one day per line."""

from collections.abc import Iterator

from portal.models import AttendanceStatus
from portal.roster import values
from portal.roster.archive import Source
from portal.roster.columns import Columns
from portal.roster.file import Identities
from portal.roster.problems import Problems, Report
from portal.roster.rows import AttendanceRow
from portal.roster.table import Table
from portal.text.language import gettext as _

COLUMNS = Columns(
    ("studentSourcedId", "date", "status", "minutesLate", "reason"),
    required=frozenset({"studentSourcedId", "date", "status"}),
)

#: The statuses that schools write, in lower case.
STATUSES = {
    "present": AttendanceStatus.PRESENT, "p": AttendanceStatus.PRESENT,
    "late": AttendanceStatus.LATE, "l": AttendanceStatus.LATE,
    "tardy": AttendanceStatus.LATE, "t": AttendanceStatus.LATE,
    "absent": AttendanceStatus.ABSENT, "a": AttendanceStatus.ABSENT,
    "unexcused": AttendanceStatus.ABSENT, "u": AttendanceStatus.ABSENT,
    "excused": AttendanceStatus.EXCUSED, "e": AttendanceStatus.EXCUSED,
}  # fmt: skip

#: The greatest number of minutes that a student can be late.
MOST_MINUTES = 600


def is_attendance(source: Source) -> bool:
    """Whether the file has the required columns of attendance.csv, whatever its name is."""
    return Table(source, COLUMNS, Problems()).has_its_columns()


def days(table: Table, _identities: Identities) -> Iterator[AttendanceRow]:
    """Yield each line that can be used, and report the others."""
    dates = values.Dates(table, (1,))
    for line, (student_id, day_text, status_text, minutes, reason) in table:
        if not student_id:
            table.report.reject_unidentified(line, "studentSourcedId", _("This line has no identifier."))
            continue
        day = dates.known.get(day_text) or dates.read(day_text, line, "date")
        status = STATUSES.get(status_text) or STATUSES.get(status_text.lower())
        if day is None:
            table.report.reject(line, "date", _("It is not known for which day this line is."))
        elif status is None:
            table.report.reject(line, "status", _("This is none of present, late, absent and excused."))
        else:
            late = _minutes_late(minutes, status, line, table.report)
            yield AttendanceRow(line, student_id, day, status.value, late, values.name(reason) or None)


def _minutes_late(text: str, status: AttendanceStatus, line: int, report: Report) -> int | None:
    if text in ("", "0"):
        return None
    if status is not AttendanceStatus.LATE:
        report.remark(line, "minutesLate", _("The status is not late, so the minutes were left out."))
        return None
    if text.isdecimal() and len(text) < 5 and int(text) <= MOST_MINUTES:
        return int(text) or None
    report.remark(line, "minutesLate", _("This is no number of minutes in a school day; it was left empty."))
    return None
