"""What the Data Grid of a school can be narrowed to that differs from school to school. One statement."""

from typing import Any, NamedTuple

from sqlalchemy import literal, select, union_all

from portal.db import db
from portal.models.account import Staff
from portal.models.appointment import assignable
from portal.models.school import School
from portal.models.student import Student


class Offers(NamedTuple):
    """Languages spoken at home, and who may be point person as public id and name, by name."""

    languages: list[str]
    staff: list[tuple[str, str]]


def offers_at(school: School) -> Offers:
    """Of the students who are at `school` now, and its staff."""
    spoken = select(literal("language"), Student.language, literal("")).distinct()
    spoken = spoken.where(
        Student.school_id == school.id, Student.left_at.is_(None), Student.language.is_not(None)
    )
    name = Staff.given_name + " " + Staff.family_name
    people = assignable(school.id).with_only_columns(literal("staff"), Staff.public_id, name)
    rows: Any = db.session.execute(union_all(spoken, people.order_by(None))).all()
    staff = sorted(((key, name) for kind, key, name in rows if kind == "staff"), key=lambda each: each[1])
    return Offers(sorted(key for kind, key, _name in rows if kind == "language"), staff)
