"""Comparing the students of users.csv with those there are."""

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

#: The id, whether they have left, and the values of COLUMNS.
Known = tuple[Any, ...]


class Students:
    """The students within reach, by what the roster calls them."""

    def __init__(self, comparison: Comparison, schools: Schools) -> None:
        self._comparison = comparison
        self._schools = schools
        rows = comparison.stored(KNOWN.where(comparison.within_reach(Student.school_id)))
        self.known: dict[str, Known] = {row[0]: row[1:] for row in rows}
        self._before = sum(not known[1] for known in self.known.values())
        #: The ids of those who are at a school.
        self.ids = {source_id: known[0] for source_id, known in self.known.items() if not known[1]}
        self._noted: set[int] = set()
        #: The ids of those who were at another school before.
        self.moved: set[int] = set()

    def compare(self, file: File[UserRow], row: UserRow, *, is_strange: bool) -> None:
        """Find out whether `row` is about a new student, a changed one, or one who left."""
        known = self.known.pop(row.source_id, None)
        if row.is_deleted:
            self._end(row.source_id, known)
            return
        school_id = None if is_strange else self._school_of(row, known)
        if school_id is None:
            self._comparison.reject(
                file, Kind.STUDENTS, row, "orgSourcedIds", self._comparison.importer.refusal
            )
        else:
            self._keep(row, known, school_id)

    def end_the_rest(self, file: File[UserRow]) -> None:
        """Whoever a complete file did not name has left. Nobody is ever deleted."""
        if file.tells_who_is_gone:
            for source_id in self.known.keys() - file.rejected:
                self._end(source_id, self.known[source_id])
            self._comparison.check_share(Kind.STUDENTS, self._before)
        self._comparison.writes.flush()
        self.known = {}

    def settle_homerooms(self, joined: dict[int, int], left: set[int], *, is_complete: bool) -> None:
        """Give each student the homeroom in `joined` (by id); take it from those in `left`, or from all others."""
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
        """The school the roster puts them at; a change that names none leaves them where they are."""
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
            student_id, RowOutcome.CHANGED if known else RowOutcome.NEW, f"{row.given_name} {row.family_name}"
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
            self._comparison.counts.note(Kind.STUDENTS, RowOutcome.GONE, f"{known[4]} {known[6]}".strip())
            self._comparison.writes.add(GONE, (self._comparison.now, known[0]))
            self.ids.pop(source_id, None)

    def _note_once(self, student_id: int, outcome: RowOutcome, name: str) -> None:
        if student_id not in self._noted:
            self._noted.add(student_id)
            self._comparison.counts.note(Kind.STUDENTS, outcome, name.strip())
