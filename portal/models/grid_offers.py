"""What the Data Grid of a school can be narrowed to that differs from school to school. One statement, or none."""

from collections.abc import Set
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, literal, select, union_all

from portal.db import db
from portal.models.account import Staff
from portal.models.appointment import assignable
from portal.models.school import School
from portal.models.student import Student


class Offers(NamedTuple):
    """Languages spoken at home, and who may be point person as public id and name, by name."""

    languages: list[str]
    staff: list[tuple[str, str]]


def offers_at(school: School, filters: Set[str]) -> Offers:
    """As far as these filters need them: of the students who are at `school` now, and of its staff."""
    queries = []
    if "language" in filters:
        queries.append(_LANGUAGES)
    if any(name.startswith("point_") for name in filters):
        queries.append(_STAFF)
    here = {"school_id": school.id}
    rows: Any = db.session.execute(union_all(*queries), here).all() if queries else []
    staff = sorted(((key, name) for kind, key, name in rows if kind == "staff"), key=lambda each: each[1])
    return Offers(sorted(key for kind, key, _name in rows if kind == "language"), staff)


#: Built once: the school is told by a parameter.
_HERE: Any = bindparam("school_id", type_=Integer)

#: Reads every student of the school, so it is left out where nobody asks.
_LANGUAGES = (
    select(literal("language"), Student.language, literal(""))
    .where(Student.school_id == _HERE, Student.left_at.is_(None), Student.language.is_not(None))
    .distinct()
)

_STAFF = (
    assignable(_HERE)
    .with_only_columns(literal("staff"), Staff.public_id, Staff.given_name + " " + Staff.family_name)
    .order_by(None)
)
