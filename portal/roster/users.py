"""Compare users.csv, where a line is about a student, a member of staff, a contact, or several of these at once."""

from portal.models import Student
from portal.roster.comparison import Comparison
from portal.roster.contacts import Contacts
from portal.roster.file import File
from portal.roster.person import Person
from portal.roster.rows import Part, Role, UserRow
from portal.roster.schools import Schools
from portal.roster.staff import StaffComparison
from portal.roster.students import Students


class Users:
    """Passes each line of users.csv to the comparison of students, contacts or staff, or to several."""

    def __init__(self, comparison: Comparison, users: File[UserRow], schools: Schools) -> None:
        self.students = Students(comparison, schools)
        self.staff = StaffComparison(comparison, users)
        self._comparison = comparison
        self._users = users
        self._schools = schools
        self._contacts = Contacts(comparison)
        self._people: list[Person] = []
        self._parts: dict[tuple[Role, ...], frozenset[Part]] = {}

    def compare(self) -> None:
        """Write who is new, changed or gone: students while the file is read, then their contacts, then staff."""
        known = self.students.known
        for row, is_out_of_reach in self._comparison.with_reach(self._users, known, Student.source_id):
            parts = self._parts_of(row)
            if Part.STUDENT in parts:
                self.students.compare(self._users, row, is_out_of_reach=is_out_of_reach)
                if row.agent_ids and row.source_id not in self._users.rejected:
                    self._contacts.link(row)
            if Part.CONTACT in parts:
                self._contacts.gather(row)
            if Part.STAFF in parts:
                self._gather_staff(row)
        self.students.end_missing(self._users)
        self._contacts.compare(self._users, self.students.ids)
        self.staff.compare(self._people)
        self.staff.mark_missing_off_file()

    def _parts_of(self, row: UserRow) -> frozenset[Part]:
        if not row.roles:
            return self._known_parts_of(row.source_id)
        if row.roles not in self._parts:
            self._parts[row.roles] = frozenset(role.part for role in row.roles)
        return self._parts[row.roles]

    def _known_parts_of(self, source_id: str) -> frozenset[Part]:
        """Return what a stored person is, where the line names no role or all roles have ended."""
        if source_id in self.students.known:
            return frozenset({Part.STUDENT})
        return frozenset({Part.STAFF if source_id in self.staff.ids else Part.CONTACT})

    def _gather_staff(self, row: UserRow) -> None:
        if row.is_deleted:
            self.staff.mark_off_file(row.source_id)
            return
        person = Person.of_user(row, self._schools)
        if not row.roles:
            person.school_ids.update(self.staff.school_ids_of(row.source_id))
        self._people.append(person)
