"""Sort letters as they are printed: by homeroom, or with those of one household together."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select

from portal.db import db
from portal.models.rows import fold
from portal.models.students.contact import Contact
from portal.models.students.student import Student

#: Digits in the title of a homeroom are compared as numbers: "9B" comes before "10A".
DIGITS = re.compile(r"(\d+)")

#: The sort key of a letter without a homeroom: after all others.
LAST = (1, ())

Letters = TypeVar("Letters", bound=Any)

Adults = frozenset[str]


def by_homeroom(recipient: Any) -> tuple[Any, ...]:
    """Return the key that sorts letters by school, homeroom and name. Those without a homeroom come last."""
    school = recipient.school
    return (
        school.name,
        school.id,
        _natural(recipient.homeroom),
        recipient.homeroom,
        recipient.sort_key,
        recipient.student_id,
    )


def adults_of(criterion: ColumnElement[bool]) -> dict[int, Adults]:
    """Return who is on file for each of the students that `criterion` selects. One statement.

    An adult is identified by the roster's sourcedId, otherwise by the email, otherwise by name and telephone.
    """
    on_file = select(
        Contact.student_id,
        Contact.source_id,
        Contact.email,
        Contact.given_name,
        Contact.family_name,
        Contact.phone,
    ).join(Student, Student.id == Contact.student_id)
    adults: dict[int, set[str]] = defaultdict(set)
    for row in db.session.execute(on_file.where(criterion, Contact.is_current())):
        adults[row.student_id].add(_adult(row))
    return {student_id: frozenset(known) for student_id, known in adults.items()}


def together(letters: Iterable[Letters], adults: Mapping[int, Adults]) -> list[Letters]:
    """Return `letters` with those of a household together, in the homeroom of its youngest child.

    A household is students of one school for whom the very same adults are on file. One shared adult is not
    enough: half-siblings have letters of their own, so that no envelope brings a code to somebody else's parent.
    Students without a contact are a household each.
    """
    households: dict[Any, list[Letters]] = defaultdict(list)
    for letter in letters:
        own = adults.get(letter.student_id) or letter.student_id
        households[letter.school.id, own].append(letter)
    families = [sorted(household, key=_by_age) for household in households.values()]
    return [
        letter._replace(pile=family[0].homeroom)
        for family in sorted(families, key=lambda family: by_homeroom(family[0]))
        for letter in family
    ]


def _by_age(recipient: Any) -> tuple[Any, ...]:
    """Return the key that sorts the letters of a family by age, the youngest first, as far as grades say it."""
    grade = recipient.grade
    return (grade is None, grade or 0, *by_homeroom(recipient))


def _adult(row: Any) -> str:
    return row.source_id or fold(row.email or "") or fold(f"{row.given_name} {row.family_name} {row.phone}")


def _natural(title: str) -> tuple[int, Any]:
    if not title:
        return LAST
    parts = DIGITS.split(title.casefold())
    return 0, tuple((part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts)
