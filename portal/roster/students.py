"""Compare the students of users.csv with the stored ones."""

from typing import Any

from sqlalchemy import select

from portal.models import Student
from portal.models.students.student import name_keys
from portal.roster.comparison import Comparison
from portal.roster.counts import Kind, RowOutcome
from portal.roster.file import File
from portal.roster.rows import Part, UserRow
from portal.roster.schools import Schools
from portal.roster.statements import change, insertion
from portal.text.names import full_name

COLUMNS = (
    "school_id",
    "student_number",
    "given_name",
    "middle_name",
    "family_name",
    "preferred_name",
    "grade",
)
KEYS = ("sort_key", "search_key", "synced_at")
NEW = insertion(Student, "id", "source_id", *COLUMNS, *KEYS)
CHANGED = change(Student, *COLUMNS, *KEYS, "left_at")
GONE = change(Student, "left_at")
HOMEROOM = change(Student, "homeroom_id")
KNOWN = select(
    Student.source_id,
    Student.id,
    ~Student.is_enrolled(),
    *(Student.__table__.c[name] for name in COLUMNS),
).where(Student.source_id.is_not(None))
HOMEROOMS = select(Student.id, Student.homeroom_id).where(Student.homeroom_id.is_not(None))

#: A stored row: its id, whether the student has left, and the values of COLUMNS.
Known = tuple[Any, ...]


class Students:
    """The students within the importer's reach, by their identifier in the roster."""

    def __init__(self, comparison: Comparison, schools: Schools) -> None:
        self._comparison = comparison
        self._schools = schools
        rows = comparison.stored(KNOWN.where(comparison.within_reach(Student.school_id)))
        self.known: dict[str, Known] = {row[0]: row[1:] for row in rows}
        self._before = sum(not known[1] for known in self.known.values())
        #: The ids of the students who have not left, by identifier.
        self.ids = {source_id: known[0] for source_id, known in self.known.items() if not known[1]}
        self._noted: set[int] = set()
        #: The ids of the students who change school with this roster.
        self.moved: set[int] = set()

    def compare(self, file: File[UserRow], row: UserRow, *, is_out_of_reach: bool) -> None:
        """Write the student of one line if they are new, changed or have left."""
        known = self.known.pop(row.source_id, None)
        if row.is_deleted:
            self._end(row.source_id, known)
            return
        school_id = None if is_out_of_reach else self._school_of(row, known)
        if school_id is None:
            self._comparison.reject(
                file, Kind.STUDENTS, row, "orgSourcedIds", self._comparison.importer.refusal
            )
        else:
            self._keep(row, known, school_id)

    def end_missing(self, file: File[UserRow]) -> None:
        """Mark as left the students whom a complete file does not name. Nobody is deleted.

        Raises Refused when more than a tenth are missing, as `Comparison.check_share`.
        """
        if file.shows_who_is_gone:
            for source_id in self.known.keys() - file.rejected:
                self._end(source_id, self.known[source_id])
            self._comparison.check_share(Kind.STUDENTS, self._before)
        self._comparison.writes.flush()
        self.known = {}

    def set_homerooms(self, joined: dict[int, int], left: set[int], *, is_complete: bool) -> None:
        """Write the homeroom of each student.

        `joined` maps students to homerooms, `left` holds students without one; all by id. With `is_complete`, all
        other students have no homeroom; else they keep theirs unless they changed school.
        """
        rows = self._comparison.stored(HOMEROOMS.where(self._comparison.within_reach(Student.school_id)))
        before: dict[int, int | None] = {row[0]: row[1] for row in rows}
        kept = (
            {}
            if is_complete
            else {who: where for who, where in before.items() if who not in left | self.moved}
        )
        after = kept | joined
        for student_id in before.keys() | after.keys():
            homeroom_id = after.get(student_id)
            if before.get(student_id) != homeroom_id:
                self._comparison.writes.add(HOMEROOM, (homeroom_id, student_id))
                self._note_once(student_id, RowOutcome.CHANGED, "")
        self._comparison.writes.flush()

    def _school_of(self, row: UserRow, known: Known | None) -> int | None:
        """Return the id of the student's school; for a line without roles, the stored one."""
        if not row.roles:
            return known[2] if known else None
        for role in row.roles:
            if role.part is Part.STUDENT and (school_id := self._schools.id_of(role.org_id)) is not None:
                return school_id
        return None

    def _keep(self, row: UserRow, known: Known | None, school_id: int) -> None:
        values = (
            school_id, row.number or None, row.given_name, row.middle_name or None, row.family_name,
            row.preferred_name or None, row.grade,
        )  # fmt: skip
        if known is not None and known[1:] == (False, *values):
            return
        student_id = known[0] if known else self._comparison.writes.new_id(Student)
        self.ids[row.source_id] = student_id
        if known and known[2] != school_id:
            self.moved.add(student_id)
        self._note_once(
            student_id,
            RowOutcome.CHANGED if known else RowOutcome.NEW,
            full_name(row.given_name, row.family_name),
        )
        if not self._comparison.is_preview:
            self._write(row, known, student_id, values)

    def _write(self, row: UserRow, known: Known | None, student_id: int, values: tuple[Any, ...]) -> None:
        keys = name_keys(
            given=row.given_name, family=row.family_name, preferred=row.preferred_name, number=row.number
        )
        stored = (*values, keys["sort_key"], keys["search_key"], self._comparison.now)
        if known is None:
            self._comparison.writes.add(NEW, (student_id, row.source_id, *stored))
        else:
            self._comparison.writes.add(CHANGED, (*stored, None, student_id))

    def _end(self, source_id: str, known: Known | None) -> None:
        if known and not known[1]:
            self._comparison.counts.note(Kind.STUDENTS, RowOutcome.GONE, full_name(known[4], known[6]))
            self._comparison.writes.add(GONE, (self._comparison.now, known[0]))
            self.ids.pop(source_id, None)

    def _note_once(self, student_id: int, outcome: RowOutcome, name: str) -> None:
        if student_id not in self._noted:
            self._noted.add(student_id)
            self._comparison.counts.note(Kind.STUDENTS, outcome, name)
