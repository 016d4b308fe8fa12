"""In which order letters lie on the pile: school, grade, homeroom, name."""

import re
from typing import Any

#: Runs of digits in a homeroom's title: "9B" comes before "10A".
DIGITS = re.compile(r"(\d+)")

#: After every grade and every homeroom.
LAST = (1, ())


def by_homeroom(recipient: Any) -> tuple[Any, ...]:
    """The place of one letter in the pile of its school. Students without a homeroom come last."""
    school = recipient.school
    return (
        school.name,
        school.id,
        _natural(recipient.homeroom),
        recipient.homeroom,
        recipient.sort_key,
        recipient.student_id,
    )


def by_age(recipient: Any) -> tuple[Any, ...]:
    """The youngest of a family first, as far as grades tell."""
    grade = recipient.grade
    return (grade is None, grade or 0, *by_homeroom(recipient))


def _natural(title: str) -> tuple[int, Any]:
    if not title:
        return LAST
    parts = DIGITS.split(title.casefold())
    return 0, tuple((part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts)
