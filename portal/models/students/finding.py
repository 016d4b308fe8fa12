"""Find the student whom an address names, with school, homeroom and code. Apart, because it needs all their tables.

The ORM would take three times as long to make these four rows of one.
"""

from collections.abc import Mapping
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import Select, bindparam, inspect, select
from sqlalchemy.orm import aliased

from portal.db import db
from portal.models.codes.access_code import AccessCode
from portal.models.loaded import loaded
from portal.models.schools.school import School
from portal.models.schools.school_class import SchoolClass
from portal.models.students.student import Student
from portal.policy.reach import Scopes


def find_student(scopes: Scopes, values: Mapping[str, Any]) -> Student | None:
    """Return what `Student.with_public_id` selects for these parameters; None when it is out of reach."""
    row = db.session.connection().execute(_statement(scopes), values).one_or_none()
    if row is None:
        return None
    cells = iter(row)
    own, *others = (dict(zip(names, islice(cells, len(names)), strict=True)) for names in _NAMES)
    related = {
        name: loaded(model, columns) if columns["id"] is not None else None
        for (name, model), columns in zip(_RELATED.items(), others, strict=True)
    }
    return loaded(Student, own | related)


#: What is read with a student, by the name of the relation.
_RELATED: Mapping[str, type[Any]] = {"school": School, "homeroom": SchoolClass, "code": AccessCode}


def _names(model: type[Any]) -> list[str]:
    return [column.key for column in inspect(model).column_attrs]


_NAMES = [_names(Student), *(_names(model) for model in _RELATED.values())]


@lru_cache(maxsize=256)
def _statement(scopes: Scopes) -> Select[Any]:
    aliases = {name: aliased(model) for name, model in _RELATED.items()}
    entities = zip((Student, *aliases.values()), _NAMES, strict=True)
    found = select(*(getattr(entity, name) for entity, names in entities for name in names))
    for name, alias in aliases.items():
        found = found.outerjoin(getattr(Student, name).of_type(alias))
    is_named = Student.public_id == bindparam("public_id")
    return found.where(is_named, Student.reachable_by_asker(scopes))
