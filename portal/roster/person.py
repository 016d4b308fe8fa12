"""One member of staff as a roster describes them, from whichever file."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from portal.roster.rows import Part, StaffRow, UserRow
from portal.roster.schools import Schools

PRINCIPAL = "principal"


@dataclass(slots=True)
class Person:
    """Where they work, by the ids of schools within reach, and whether some place they name is not."""

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
        return f"{self.given_name} {self.family_name}".strip()

    @classmethod
    def of_user(cls, row: UserRow, schools: Schools) -> "Person":
        """Out of users.csv: a person with their roles as staff."""
        person = cls(row.line, row.source_id, row.given_name, row.family_name, row.email, "")
        for role in row.roles:
            if role.part is Part.STAFF:
                person.works_at(schools.id_of(role.org_id), is_principal=role.name == PRINCIPAL)
        return person

    @classmethod
    def of_lines(cls, rows: Iterable[StaffRow], schools: Schools) -> "dict[str, Person]":
        """Out of a pedagogue file: everybody once, with all the schools that their lines name."""
        people: dict[str, Person] = {}
        for row in rows:
            person = people.setdefault(
                row.source_id,
                cls(row.line, row.source_id, row.given_name, row.family_name, row.email, row.title),
            )
            person.works_at(schools.id_of_identifier(row.school_identifier), is_principal=row.is_principal)
        return people

    def works_at(self, school_id: int | None, *, is_principal: bool) -> None:
        """Add a place of work; None is one that the importer does not reach or nobody knows."""
        if school_id is None:
            self.is_elsewhere_too = True
            return
        self.school_ids.add(school_id)
        if is_principal:
            self.principal_of.add(school_id)
