"""Compare classes.csv with the stored homerooms and courses."""

from sqlalchemy import select

from portal.models import ClassKind, SchoolClass
from portal.roster.comparison import Comparison
from portal.roster.counts import Kind, RowOutcome
from portal.roster.file import File
from portal.roster.rows import ClassRow
from portal.roster.school_years import SchoolYears
from portal.roster.schools import Schools
from portal.roster.statements import change, insertion

COLUMNS = ("school_id", "kind", "title", "code", "room", "year")
NEW = insertion(SchoolClass, "id", "source_id", *COLUMNS)
CHANGED = change(SchoolClass, *COLUMNS, "ended_at")
GONE = change(SchoolClass, "ended_at")
KNOWN = select(
    SchoolClass.source_id,
    SchoolClass.id,
    ~SchoolClass.is_current(),
    *(SchoolClass.__table__.c[name] for name in COLUMNS),
).where(SchoolClass.source_id.is_not(None))

HOMEROOM, COURSE = ClassKind.HOMEROOM.value, ClassKind.COURSE.value

#: A stored row: its id, whether it has ended, and the values of COLUMNS.
Known = tuple[int, bool, int, str, str, str | None, str | None, int | None]


class Classes:
    """The classes within the importer's reach, by their identifier in the roster."""

    def __init__(
        self, comparison: Comparison, file: File[ClassRow], schools: Schools, years: SchoolYears
    ) -> None:
        self._comparison = comparison
        self._file = file
        self._schools = schools
        self._years = years
        rows = comparison.stored(KNOWN.where(comparison.within_reach(SchoolClass.school_id)))
        self._known: dict[str, Known] = {row[0]: row[1:] for row in rows}
        #: The ids of the classes that have not ended, by identifier.
        self.ids = {source_id: known[0] for source_id, known in self._known.items() if not known[1]}
        self.homerooms = {known[0] for known in self._known.values() if known[3] == HOMEROOM}

    def compare(self) -> None:
        """Write the classes that are new, changed or ended."""
        for row, is_out_of_reach in self._comparison.with_reach(
            self._file, self._known, SchoolClass.source_id
        ):
            known = self._known.pop(row.source_id, None)
            school_id = None if is_out_of_reach else self._schools.id_of(row.school_id)
            if row.is_deleted:
                self._end(row.source_id, known)
            elif school_id is None:
                self._comparison.reject(
                    self._file, Kind.CLASSES, row, "schoolSourcedId", self._comparison.importer.refusal
                )
            else:
                self._keep(row, known, school_id)
        if self._file.shows_who_is_gone:
            for source_id in self._known.keys() - self._file.rejected:
                self._end(source_id, self._known[source_id])
        self._comparison.writes.flush()
        self._known = {}

    def _keep(self, row: ClassRow, known: Known | None, school_id: int) -> None:
        kind = HOMEROOM if row.is_homeroom else COURSE
        year = self._years.year_of(row.session_ids, school_id)
        values = (school_id, kind, row.title, row.code or None, row.room or None, year)
        class_id = known[0] if known else self._comparison.writes.new_id(SchoolClass)
        if known is None:
            self._note(kind, RowOutcome.NEW, row.title)
            self._comparison.writes.add(NEW, (class_id, row.source_id, *values))
        elif known[1:] != (False, *values):
            self._note(kind, RowOutcome.CHANGED, row.title)
            self._comparison.writes.add(CHANGED, (*values, None, class_id))
        self.ids[row.source_id] = class_id
        (self.homerooms.add if row.is_homeroom else self.homerooms.discard)(class_id)

    def _end(self, source_id: str, known: Known | None) -> None:
        self.ids.pop(source_id, None)
        if known and not known[1]:
            self._note(known[3], RowOutcome.GONE, known[4])
            self._comparison.writes.add(GONE, (self._comparison.now, known[0]))

    def _note(self, kind: str, outcome: RowOutcome, title: str) -> None:
        self._comparison.counts.note(Kind.HOMEROOMS if kind == HOMEROOM else Kind.CLASSES, outcome, title)
