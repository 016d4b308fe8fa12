"""Compare attendance.csv with the stored days of attendance."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, tuple_

from portal import db
from portal.models import AttendanceDay, Student
from portal.models.rows import batched
from portal.models.students.attendance import count_all_anew, count_anew
from portal.roster.comparison import Comparison
from portal.roster.counts import Kind, RowOutcome
from portal.roster.file import File
from portal.roster.rows import AttendanceRow, Mode
from portal.roster.statements import change, insertion
from portal.text.language import gettext as _

#: Days looked up by one statement; each takes two of the 999 parameters that older versions of SQLite allow.
LOOKED_UP_AT_ONCE = 400

NEW = insertion(AttendanceDay, "student_id", "day", "status", "minutes_late", "reason")
CHANGED = change(AttendanceDay, "status", "minutes_late", "reason")
IDS = select(Student.source_id, Student.id).where(Student.source_id.is_not(None))
KNOWN = select(
    AttendanceDay.student_id,
    AttendanceDay.day,
    AttendanceDay.id,
    AttendanceDay.status,
    AttendanceDay.minutes_late,
    AttendanceDay.reason,
)

Key = tuple[int, date]


class AttendanceDays:
    """The days of the students within the importer's reach. Days that the file does not name stay as they are."""

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison
        self._student_ids: dict[str, int] = {}
        # A day later than in UTC, because schools may lie in time zones ahead of it.
        self._latest = comparison.now.date() + timedelta(days=1)
        self._seen = _Seen()
        self._touched: set[int] = set()

    def compare(self, file: File[AttendanceRow], newcomers: Mapping[str, int]) -> None:
        """Write the days that are new or differ from what is stored.

        `newcomers` holds the ids of students whom the same roster adds, by identifier.
        """
        if file.mode is Mode.ABSENT:
            return
        students = self._comparison.stored(IDS.where(self._comparison.within_reach(Student.school_id)))
        self._student_ids = {row[0]: row[1] for row in students} | dict(newcomers)
        for some in map(dict, batched(self._usable(file), LOOKED_UP_AT_ONCE)):
            known = self._stored(some)
            for key, row in some.items():
                self._keep(key, row[3:], known.get(key))
        self._comparison.writes.flush()

    def count(self, moved: set[int]) -> None:
        """Count the totals again for the students of the file and for `moved`, the ids of those who changed school.

        When a school year is new or has other days, count those of all students within reach.
        """
        totals = self._comparison.counts.totals
        if totals[Kind.SCHOOL_YEARS, RowOutcome.NEW] or totals[Kind.SCHOOL_YEARS, RowOutcome.CHANGED]:
            within_reach = self._comparison.within_reach(Student.school_id)
            self._comparison.writes.act(lambda _ids: count_all_anew(within_reach))
        else:
            changed = self._touched | moved
            self._comparison.writes.act(lambda ids: count_anew(ids.of(Student, each) for each in changed))

    def _usable(self, file: File[AttendanceRow]) -> Iterator[tuple[Key, AttendanceRow]]:
        for row in file:
            student_id = self._student_ids.get(row.source_id)
            if student_id is None:
                self._reject(file, row, "studentSourcedId", self._unknown_student)
            elif row.day > self._latest:
                self._reject(file, row, "date", _("This day has yet to come."))
            elif not self._seen.is_new(student_id, row.day):
                self._reject(file, row, "date", _("This day was in an earlier line, which was used."))
            else:
                yield (student_id, row.day), row

    @property
    def _unknown_student(self) -> str:
        if self._comparison.importer.is_operator:
            return _("This names a student who is neither in the roster nor known from before.")
        return self._comparison.importer.refusal

    def _reject(self, file: File[AttendanceRow], row: AttendanceRow, column: str, sentence: str) -> None:
        self._comparison.counts.note(Kind.ATTENDANCE, RowOutcome.REJECTED)
        file.reject(row.line, column, sentence)

    def _stored(self, some: Mapping[Key, AttendanceRow]) -> dict[Key, tuple[Any, ...]]:
        named = tuple_(AttendanceDay.student_id, AttendanceDay.day).in_(list(some))
        rows = db.session.connection().execute(KNOWN.where(named))
        return {(row[0], row[1]): tuple(row[2:]) for row in rows}

    def _keep(self, key: Key, values: tuple[Any, ...], known: tuple[Any, ...] | None) -> None:
        if known is not None and known[1:] == values:
            return
        self._touched.add(key[0])
        self._comparison.counts.note(Kind.ATTENDANCE, RowOutcome.CHANGED if known else RowOutcome.NEW)
        if known:
            self._comparison.writes.add(CHANGED, (*values, known[0]))
        else:
            self._comparison.writes.add(NEW, (*key, *values))


class _Seen:
    """The days that a file has named so far, as one bit each, because a file may name millions."""

    def __init__(self) -> None:
        self._bits: dict[tuple[int, int], int] = {}

    def is_new(self, student_id: int, day: date) -> bool:
        key, bit = (student_id, day.year), 1 << day.timetuple().tm_yday
        before = self._bits.get(key, 0)
        self._bits[key] = before | bit
        return not before & bit
