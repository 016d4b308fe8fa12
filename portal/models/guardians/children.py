"""The children of a guardian, as their pages list them: one statement of columns, built once for each scope."""

from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import select

from portal.db import db
from portal.models.schools.school import School
from portal.models.schools.school_class import SchoolClass
from portal.models.students.student import Student
from portal.policy.permissions import Permission
from portal.policy.reach import Asker, Scopes, asked_by
from portal.text.names import full_name


class OwnChild(NamedTuple):
    """One student whom the guardian may see. `school` and `homeroom` are what these are called."""

    public_id: str
    first_name: str
    family_name: str
    grade: int | None
    school: str
    homeroom: str | None
    is_enrolled: bool

    @property
    def name(self) -> str:
        """The full name."""
        return full_name(self.first_name, self.family_name)


def children_of(guardian: Asker) -> list[OwnChild]:
    """Return the students whom this guardian may see, by name."""
    scopes, asker = asked_by(guardian, Permission.VIEW_CHILD)
    return [OwnChild(*row) for row in db.session.connection().execute(_children(scopes), asker)]


@lru_cache
def _children(scopes: Scopes) -> Any:
    columns = (
        Student.public_id,
        Student.first_name,
        Student.family_name,
        Student.grade,
        School.name,
        SchoolClass.title,
        Student.is_enrolled(),
    )
    return (
        select(*columns)
        .join(School, School.id == Student.school_id)
        .outerjoin(SchoolClass, SchoolClass.id == Student.homeroom_id)
        .where(Student.reachable_by_asker(scopes))
        .order_by(Student.sort_key, Student.id)
    )
