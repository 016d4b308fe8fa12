"""Comparing the students of users.csv with those there are."""

from typing import Any

from sqlalchemy import select

from portal import db
from portal.language import gettext as _
from portal.models import Student
from portal.models.student import name_keys
from portal.roster.comparison import Comparison
from portal.roster.counts import Fate, Kind
from portal.roster.file import File
from portal.roster.rows import Part, UserRow
from portal.roster.schools import Schools
from portal.roster.statements import change, insertion

COLUMNS = ("school_id", "student_number", "given_name", "middle_name", "family_name", "preferred_name", "grade")
KEYS = ("sort_key", "search_key", "synced_at")
NEW = insertion(Student, "id", "source_id", *COLUMNS, *KEYS)
CHANGED = change(Student, *COLUMNS, *KEYS, "left_at")
GONE = change(Student, "left_at")
HOMEROOM = change(Student, "homeroom_id")
KNOWN = select(
    Student.source_id,
    Student.id,
    Student.left_at.is_not(None),
    *(Student.__table__.c[name] for name in COLUMNS),
).where(Student.source_id.is_not(None))
HOMEROOMS = select(Student.id, Student.homeroom_id).where(Student.homeroom_id.is_not(None))

#: The id, whether they have left, and the values of COLUMNS.
Known = tuple[Any, ...]


class Students:
    """The students within reach, by what the roster calls them."""

    def __init__(self, comparison: Comparison, schools: Schools) -> None:
        self._comparison = comparison
        self._schools = schools
        rows = db.session.execute(KNOWN.where(comparison.within_reach(Student.school_id)))
        self.known: dict[str, Known] = {source_id: tuple(rest) for source_id, *rest in rows}
        self._before = sum(not known[1] for known in self.known.values())
        #: The ids of those who are at a school.
        self.ids = {source_id: known[0] for source_id, known in self.known.items() if not known[1]}
        self._noted: set[int] = set()

    def compare(self, file: File[UserRow], row: UserRow, *, is_strange: bool) -> None:
        """Find out whether `row` is about a new student, a changed one, or one who left."""
        known = self.known.pop(row.source_id, None)
        if row.is_deleted:
            self._end(row.source_id, known)
            return
        school_id = None if is_strange else self._school_of(row, known)
        if school_id is None:
            self._comparison.reject(file, Kind.STUDENTS, row, "orgSourcedIds", self._comparison.importer.refusal)
        else:
            self._keep(row, known, school_id)
