"""Compare the parents and guardians of users.csv with the contacts on file. A contact has no access."""

from typing import NamedTuple

from sqlalchemy import select

from portal.models import Contact, Student
from portal.roster.comparison import Comparison
from portal.roster.counts import Kind, RowOutcome
from portal.roster.file import File
from portal.roster.rows import Mode, Part, Role, UserRow
from portal.roster.statements import change, insertion
from portal.text.language import gettext as _
from portal.text.names import full_name

COLUMNS = ("given_name", "family_name", "email", "phone", "relationship")
NEW = insertion(Contact, "student_id", "source_id", *COLUMNS)
CHANGED = change(Contact, *COLUMNS, "ended_at")
GONE = change(Contact, "ended_at")
KNOWN = (
    select(Contact.student_id, Contact.source_id, Contact.id, ~Contact.is_current(), *(
        Contact.__table__.c[name] for name in COLUMNS
    ))
    .join(Student, Student.id == Contact.student_id)
    .where(Contact.source_id.is_not(None))
)  # fmt: skip


class Adult(NamedTuple):
    """The values of COLUMNS of one contact."""

    given_name: str
    family_name: str
    email: str | None
    phone: str | None
    relationship: str | None


class KnownContact(NamedTuple):
    """A stored contact."""

    id: int
    has_ended: bool
    adult: Adult


Pair = tuple[int, str]


class Contacts:
    """Collects adults and their students while users.csv is read, then compares them with the contacts.

    The line of either one may name the other.
    """

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison
        self._adults: dict[str, Adult] = {}
        self._ended: set[str] = set()
        self._relationships: dict[tuple[Role, ...], str | None] = {}
        #: The number of the line that links them, by the identifiers of student and adult.
        self._links: dict[tuple[str, str], int] = {}
        self._known: dict[Pair, KnownContact] = {}

    def gather(self, row: UserRow) -> None:
        """Collect a contact, and the links to the students that their line names."""
        if row.is_deleted:
            self._ended.add(row.source_id)
            return
        relationship = self._relationship(row.roles)
        adult = Adult(row.given_name, row.family_name, row.email or None, row.phone or None, relationship)
        self._adults[row.source_id] = adult
        for student in row.agent_ids:
            self._links.setdefault((student, row.source_id), row.line)

    def link(self, row: UserRow) -> None:
        """Collect the links to the adults that a student's line names."""
        for adult in row.agent_ids:
            self._links.setdefault((row.source_id, adult), row.line)

    def compare(self, file: File[UserRow], student_ids: dict[str, int]) -> None:
        """Write the contacts that are new, changed or ended. `student_ids` holds the students within reach."""
        self._load()
        for (student, source_id), line in self._links.items():
            if student in student_ids:
                self._compare((student_ids[student], source_id), line, file)
        self._end_unlinked(file, student_ids)
        self._comparison.writes.flush()
        for gathered in (self._adults, self._links, self._known):
            gathered.clear()

    def _relationship(self, roles: tuple[Role, ...]) -> str | None:
        if roles not in self._relationships:
            names = (role.name for role in roles if role.part is Part.CONTACT)
            self._relationships[roles] = next(names, None)
        return self._relationships[roles]

    def _load(self) -> None:
        rows = self._comparison.stored(KNOWN.where(self._comparison.within_reach(Student.school_id)))
        for student_id, source_id, row_id, has_ended, *values in rows:
            self._known[student_id, source_id] = KnownContact(row_id, has_ended, Adult(*values))

    def _compare(self, pair: Pair, line: int, file: File[UserRow]) -> None:
        adult = self._adults.get(pair[1]) or self._stored(pair[1], file)
        if adult is None:
            file.remark(line, "agentSourcedIds", _("This names somebody who is no contact in this roster."))
        elif known := self._known.pop(pair, None):
            self._refresh(known, adult)
        else:
            self._note(RowOutcome.NEW, adult)
            self._comparison.writes.add(NEW, (*pair, *adult))

    def _stored(self, source_id: str, file: File[UserRow]) -> Adult | None:
        """Return the stored adult where the file has no usable line: it holds only changes, or rejected the line."""
        is_unspoken = file.mode is Mode.DELTA or source_id in file.rejected
        if not is_unspoken or source_id in self._ended:
            return None
        return next(
            (known.adult for (_student, adult), known in self._known.items() if adult == source_id), None
        )

    def _end_unlinked(self, file: File[UserRow], student_ids: dict[str, int]) -> None:
        """End the contacts that a complete file no longer links to a student. Students who left keep theirs."""
        unsure = {student_ids[student] for student in file.rejected & student_ids.keys()}
        present = set(student_ids.values()) - unsure if file.shows_who_is_gone else set()
        for (student_id, source_id), known in self._known.items():
            is_parted = student_id in present and source_id not in file.rejected
            if is_parted or source_id in self._ended:
                self._end(known)
            elif adult := self._adults.get(source_id):
                self._refresh(known, adult)

    def _refresh(self, known: KnownContact, adult: Adult) -> None:
        adult = adult._replace(relationship=adult.relationship or known.adult.relationship)
        if known.adult != adult or known.has_ended:
            self._note(RowOutcome.CHANGED, adult)
            self._comparison.writes.add(CHANGED, (*adult, None, known.id))

    def _end(self, known: KnownContact) -> None:
        if not known.has_ended:
            self._note(RowOutcome.GONE, known.adult)
            self._comparison.writes.add(GONE, (self._comparison.now, known.id))

    def _note(self, outcome: RowOutcome, adult: Adult) -> None:
        self._comparison.counts.note(Kind.CONTACTS, outcome, full_name(adult.given_name, adult.family_name))
