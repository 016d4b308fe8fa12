"""Compare orgs.csv with the stored schools."""

from typing import NamedTuple

from sqlalchemy import select

from portal.models import School
from portal.roster.comparison import Comparison
from portal.roster.counts import Kind, RowOutcome
from portal.roster.file import File
from portal.roster.rows import Mode, OrgRow
from portal.roster.statements import change, insertion
from portal.text.language import gettext as _

NEW = insertion(School, "id", "source_id", "name", "identifier")
CHANGED = change(School, "source_id", "name", "identifier", "left_at")
GONE = change(School, "left_at")

#: How many levels of organisations are followed upwards; more would be a circle.
DEEPEST = 10


class KnownSchool(NamedTuple):
    """A school as it is stored, or will be after this import."""

    id: int
    source_id: str | None
    name: str
    identifier: str | None
    has_left: bool
    time_zone: str


KNOWN = select(
    School.id, School.source_id, School.name, School.identifier, ~School.is_on_roster(), School.time_zone
)


class Schools:
    """The schools of the roster and of the database, by their identifier in the roster."""

    def __init__(self, comparison: Comparison, orgs: File[OrgRow]) -> None:
        self._comparison = comparison
        self._orgs = orgs
        self._by_id = {row.id: row for row in (KnownSchool(*found) for found in comparison.read(KNOWN))}
        self._by_source = {row.source_id: row for row in self._by_id.values() if row.source_id}
        self._by_identifier = {row.identifier: row for row in self._by_id.values() if row.identifier}
        self._rows: dict[str, OrgRow] = {}
        self._found: dict[str, int | None] = {}

    def compare(self) -> None:
        """Write the schools that are new, changed, back or gone."""
        for row in self._orgs:
            self._rows[row.source_id] = row
            if row.type == "school":
                self._compare(row)
        if self._orgs.shows_who_is_gone:
            named = self._rows.keys() | self._orgs.rejected
            for school in [school for source_id, school in self._by_source.items() if source_id not in named]:
                self._end(school)
        self._comparison.writes.flush()

    def id_of(self, org_id: str) -> int | None:
        """Return the id of the school that the organisation is or belongs to; None if there is none within reach."""
        if org_id not in self._found:
            school = self._school_of(org_id)
            self._found[org_id] = school.id if school and self._has_open_quote(school) else None
        return self._found[org_id]

    def id_of_identifier(self, identifier: str) -> int | None:
        """Return the id of the school with that short name, else with that identifier; None if out of reach."""
        school = self._by_identifier.get(identifier) or self._by_source.get(identifier)
        return school.id if school and self._has_open_quote(school) else None

    def time_zone(self, school_id: int) -> str:
        """Return the IANA name of the school's time zone."""
        return self._by_id[school_id].time_zone

    def name(self, school_id: int) -> str:
        """Return the name of the school, as it will be after this import."""
        return self._by_id[school_id].name

    @property
    def named(self) -> dict[int, OrgRow]:
        """The lines of orgs.csv about schools within reach, by id of the school."""
        rows = [row for row in self._rows.values() if row.type == "school" and not row.is_deleted]
        return {school_id: row for row in rows if (school_id := self.id_of(row.source_id)) is not None}

    @property
    def concerned(self) -> list[int]:
        """The ids of the schools that the roster covers: those of a complete orgs.csv, else all within reach."""
        if self._orgs.mode is Mode.BULK:
            return list(self.named)
        return [school.id for school in self._by_id.values() if self._has_open_quote(school)]

    def org(self, org_id: str) -> OrgRow | None:
        """Return the line of orgs.csv with that identifier, or None."""
        return self._rows.get(org_id)

    def _has_open_quote(self, school: KnownSchool) -> bool:
        return not school.has_left and self._comparison.importer.reaches(school.id)

    def _school_of(self, org_id: str) -> KnownSchool | None:
        for _step in range(DEEPEST):
            row = self._rows.get(org_id)
            if org_id in self._by_source or row is None:
                return self._by_source.get(org_id)
            org_id = row.parent_id
        return None

    def _compare(self, row: OrgRow) -> None:
        known = self._by_source.get(row.source_id) or self._unclaimed(row.identifier)
        importer = self._comparison.importer
        is_within_reach = importer.school_ids is None if known is None else importer.reaches(known.id)
        if not is_within_reach:
            self._comparison.reject(self._orgs, Kind.SCHOOLS, row, "sourcedId", importer.refusal)
        elif row.is_deleted:
            self._end(known)
        elif known is None:
            self._add(row)
        else:
            self._change(known, row)

    def _unclaimed(self, identifier: str) -> KnownSchool | None:
        """Return the school with that short name if it was added by hand and has not been in a roster yet."""
        known = self._by_identifier.get(identifier)
        return known if known and known.source_id is None else None

    def _add(self, row: OrgRow) -> None:
        identifier = self._free_identifier(row, None)
        school_id = self._comparison.writes.new_id(School)
        zone = str(School.__table__.c.time_zone.default.arg)
        self._comparison.counts.note(Kind.SCHOOLS, RowOutcome.NEW, row.name)
        self._comparison.writes.add(NEW, (school_id, row.source_id, row.name, identifier))
        self._remember(
            KnownSchool(school_id, row.source_id, row.name, identifier, has_left=False, time_zone=zone)
        )

    def _change(self, known: KnownSchool, row: OrgRow) -> None:
        changed = known._replace(
            source_id=row.source_id,
            name=row.name,
            identifier=self._free_identifier(row, known),
            has_left=False,
        )
        if changed != known:
            self._comparison.counts.note(Kind.SCHOOLS, RowOutcome.CHANGED, row.name)
            values = (changed.source_id, changed.name, changed.identifier, None, known.id)
            self._comparison.writes.add(CHANGED, values)
            self._remember(changed)

    def _end(self, known: KnownSchool | None) -> None:
        """Mark a school as left. Only the operator's import does so, because other files may cover one school only."""
        if known and not known.has_left and self._comparison.importer.is_operator:
            self._comparison.counts.note(Kind.SCHOOLS, RowOutcome.GONE, known.name)
            self._comparison.writes.add(GONE, (self._comparison.now, known.id))
            self._remember(known._replace(has_left=True))

    def _free_identifier(self, row: OrgRow, known: KnownSchool | None) -> str | None:
        """Return the short name in the roster; the stored one when another school has it or an account imports."""
        other = self._by_identifier.get(row.identifier)
        if not self._comparison.importer.is_operator or not row.identifier:
            return known.identifier if known else None
        if other and other.id != (known.id if known else None):
            self._orgs.remark(
                row.line, "identifier", _("Another school has this identifier; it was left out.")
            )
            return known.identifier if known else None
        return row.identifier

    def _remember(self, school: KnownSchool) -> None:
        self._by_id[school.id] = school
        self._by_source[school.source_id or ""] = school
        if school.identifier:
            self._by_identifier[school.identifier] = school
