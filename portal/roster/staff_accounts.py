"""Find the staff account of a person in a roster, and whether it is within the importer's reach."""

from collections import defaultdict
from typing import NamedTuple

from sqlalchemy import select

from portal.models import Membership, NetworkMembership, Staff
from portal.models.rows import fold
from portal.roster.comparison import Comparison
from portal.roster.person import Person
from portal.text.names import full_name

STORED = select(
    Staff.id,
    Staff.source_id,
    Staff.email,
    Staff.given_name,
    Staff.family_name,
    Staff.title,
    Staff.is_off_file(),
)
MEMBERSHIPS = select(Membership.id, Membership.staff_id, Membership.school_id)


class KnownStaff(NamedTuple):
    """A staff account as it is stored, or will be after this import."""

    id: int
    source_id: str | None
    email: str
    given_name: str
    family_name: str
    title: str | None
    is_off_file: bool

    @property
    def name(self) -> str:
        return full_name(self.given_name, self.family_name)


class StaffAccounts:
    """All staff accounts of the installation, because an email must be unique across all schools."""

    def __init__(self, comparison: Comparison) -> None:
        self._importer = comparison.importer
        stored = [KnownStaff(*row) for row in comparison.read(STORED)]
        self.names = {known.id: known.name for known in stored}
        self.by_source = {known.source_id: known for known in stored if known.source_id}
        self.by_email = {known.email: known for known in stored}
        #: For each account the ids of its schools, at any level, with the ids of the memberships.
        self.schools: defaultdict[int, dict[int, int]] = defaultdict(dict)
        for row_id, staff_id, school_id in comparison.read(MEMBERSHIPS):
            self.schools[staff_id][school_id] = row_id
        self._in_networks = {staff_id for (staff_id,) in comparison.read(select(NetworkMembership.staff_id))}

    def match(self, person: Person) -> KnownStaff | None:
        """Return the account of that person: by identifier, else by email if names agree or it has no identifier.

        An email alone is not enough, because a school may give it to a new person, who would get the levels of the
        former one.
        """
        known = self.by_source.get(person.source_id)
        if known:
            return known
        known = self.by_email.get(person.email) if person.email else None
        is_theirs = known and (known.source_id is None or fold(known.name) == fold(person.name))
        return known if is_theirs else None

    def is_within_reach(self, known: KnownStaff) -> bool:
        """Whether all schools and networks of that account are within the importer's reach."""
        if self._importer.is_operator:
            return True
        schools = self.schools.get(known.id, {})
        return (
            bool(schools) and known.id not in self._in_networks and all(map(self._importer.reaches, schools))
        )

    def works_within_reach(self, known: KnownStaff) -> bool:
        """Whether a school of that account is within the importer's reach; classes there may name it as teacher."""
        return self._importer.is_operator or any(map(self._importer.reaches, self.schools.get(known.id, {})))

    def remember(self, known: KnownStaff) -> None:
        """Replace the stored account by `known`."""
        self.by_email[known.email] = known
        if known.source_id:
            self.by_source[known.source_id] = known
