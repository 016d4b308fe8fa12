"""The values that the filters of the Data Grid offer at one school: home languages and point people."""

from collections.abc import Set
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, literal, select, union_all

from portal.db import db
from portal.models.accounts.account import Account, Staff
from portal.models.schools.school import School
from portal.models.students.student import Student
from portal.models.supports.assigning import assignable
from portal.policy.permissions import Permission
from portal.policy.reach import Scopes, asked_by


class Offers(NamedTuple):
    """Home languages, and the staff who may be point people as public id and name, sorted by name."""

    languages: list[str]
    staff: list[tuple[str, str]]


def offers_at(school: School, filters: Set[str], *, by: Account) -> Offers:
    """Return what `filters` need, of the school's students whom `by` may see and its staff. One statement."""
    scopes, asker = asked_by(by, Permission.VIEW_STUDENT)
    queries: list[Any] = []
    if "language" in filters:
        queries.append(_languages(scopes))
    if any(name.startswith("point_") for name in filters):
        queries.append(_STAFF)
    asked = asker | {"school_id": school.id}
    rows: Any = db.session.execute(union_all(*queries), asked).all() if queries else []
    staff = sorted(((key, name) for kind, key, name in rows if kind == "staff"), key=lambda each: each[1])
    return Offers(sorted(key for kind, key, _name in rows if kind == "language"), staff)


#: A parameter for the school, so that the statements are built once.
_HERE: Any = bindparam("school_id", type_=Integer)


@lru_cache
def _languages(scopes: Scopes) -> Any:
    """Select the home languages. This reads every student in reach, so it is left out when no filter needs it."""
    here = (Student.school_id == _HERE, Student.is_enrolled(), Student.language.is_not(None))
    spoken = select(literal("language"), Student.language, literal(""))
    return spoken.where(*here, Student.reachable_by_asker(scopes)).distinct()


_STAFF = assignable(_HERE).with_only_columns(literal("staff"), Staff.public_id, Staff.name).order_by(None)
