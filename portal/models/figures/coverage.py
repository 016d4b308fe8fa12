"""Count the students whose families can or do use the portal: in all, by grade, homeroom and home language."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import case, func, select

from portal import clock
from portal.db import db
from portal.models.accounts.account import Account
from portal.models.codes.family_status import has_working_code, is_enabled
from portal.models.guardians.pairing import guardian_count
from portal.models.schools.school import School
from portal.models.schools.school_class import SchoolClass
from portal.models.students.student import Student
from portal.policy.permissions import Permission

#: The properties by which students are grouped, in the order of the statement's columns.
AXES = ("grade", "homeroom", "language")


class CoverageShare(NamedTuple):
    """Counts of the students who share a grade, homeroom or home language; `key` is None for those without one.

    `enabled` counts students who have a code that works or a guardian; `one` and `two` those who have at least that
    many guardians.
    """

    key: Any
    students: int = 0
    enabled: int = 0
    one: int = 0
    two: int = 0

    def with_further(self, counts: Iterable[int]) -> "CoverageShare":
        """Return this share with `counts` added to its numbers."""
        return CoverageShare(self.key, *(mine + more for mine, more in zip(self[1:], counts, strict=True)))


class Coverage(NamedTuple):
    """All students together, and for each of AXES the sorted shares; the share without a key is last."""

    all: CoverageShare
    by: dict[str, list[CoverageShare]]


def coverage_of(school: School, *, by: Account) -> Coverage:
    """Count the students of `school` whose codes `by` may manage, in one statement."""
    each = _each_student().where(
        Student.school_id == school.id, Student.reachable(by, Permission.MANAGE_CODES)
    )
    rows = each.subquery()
    keys = [rows.c[axis] for axis in AXES]
    summed = [func.sum(rows.c[measure]) for measure in ("enabled", "one", "two")]
    found = db.session.execute(select(*keys, func.count(), *summed).group_by(*keys)).all()
    whole = CoverageShare(None)
    shares = {axis: dict[Any, CoverageShare]() for axis in AXES}
    for row in found:
        keys_of_row, counts = row[: len(AXES)], row[len(AXES) :]
        whole = whole.with_further(counts)
        for axis, key in zip(AXES, keys_of_row, strict=True):
            shares[axis][key] = shares[axis].get(key, CoverageShare(key)).with_further(counts)
    return Coverage(whole, {axis: sorted(shares[axis].values(), key=_place(axis)) for axis in AXES})


def _place(axis: str) -> Any:
    """Return the sort key of shares: grades from low to high, homerooms by title, the most spoken language first."""

    def place(share: CoverageShare) -> tuple[Any, ...]:
        order = -share.students if axis == "language" else share.key
        return (share.key is None, 0 if share.key is None else order, str(share.key))

    return place


def _each_student() -> Any:
    """Select a row for each enrolled student, with ones and zeros to be summed."""
    connected = guardian_count()
    measures = {
        "enabled": is_enabled(has_working_code(clock.now()), connected),
        "one": connected > 0,
        "two": connected > 1,
    }
    columns = (case((claim, 1), else_=0).label(name) for name, claim in measures.items())
    keys = (Student.grade, SchoolClass.title.label("homeroom"), Student.language)
    rows = select(*keys, *columns).outerjoin(Student.homeroom)
    return rows.where(Student.is_enrolled())
