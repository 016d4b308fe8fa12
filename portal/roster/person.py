"""One member of staff as a roster describes them, in users.csv or a pedagogue file."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from portal.roster.rows import Part, StaffRow, UserRow
from portal.roster.schools import Schools
from portal.text.names import full_name

PRINCIPAL = "principal"


@dataclass(slots=True)
class Person:
    """A member of staff, with the ids of the schools within reach where they work or are principal.

    `is_elsewhere_too` says whether they also name a school out of reach.
    """

    line: int
    source_id: str
    given_name: str
    family_name: str
    email: str
    title: str
    school_ids: set[int] = field(default_factory=set)
    principal_of: set[int] = field(default_factory=set)
    is_elsewhere_too: bool = False

    @property
    def name(self) -> str:
        return full_name(self.given_name, self.family_name)

    @classmethod
    def of_user(cls, row: UserRow, schools: Schools) -> "Person":
        """Make a person from a line of users.csv with its roles as staff."""
        person = cls(row.line, row.source_id, row.given_name, row.family_name, row.email, "")
        for role in row.roles:
            if role.part is Part.STAFF:
                person.add_school(schools.id_of(role.org_id), is_principal=role.name == PRINCIPAL)
        return person

    @classmethod
    def of_lines(cls, rows: Iterable[StaffRow], schools: Schools) -> "dict[str, Person]":
        """Make people from the lines of a pedagogue file: each person once, with the schools of all their lines."""
        people: dict[str, Person] = {}
        for row in rows:
            person = people.setdefault(
                row.source_id,
                cls(row.line, row.source_id, row.given_name, row.family_name, row.email, row.title),
            )
            person.add_school(schools.id_of_identifier(row.school_identifier), is_principal=row.is_principal)
        return people

    def add_school(self, school_id: int | None, *, is_principal: bool) -> None:
        """Add a school where they work; None stands for one that is out of reach or unknown."""
        if school_id is None:
            self.is_elsewhere_too = True
            return
        self.school_ids.add(school_id)
        if is_principal:
            self.principal_of.add(school_id)
