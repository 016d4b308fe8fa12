"""My Caseload: the students somebody sees for a reason of their own, and all the reasons of each."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from portal.db import db
from portal.models.accounts.account import Account
from portal.models.rows import fold
from portal.models.schools.school import School
from portal.models.schools.school_class import SchoolClass
from portal.models.students.student import Student
from portal.models.supports.caseload_reasons import Why, every_reason
from portal.policy.permissions import Permission

#: More students than one person teaches, leads and is point person of.
MOST = 2_000


class Line(NamedTuple):
    """One student, and why they are there."""

    public_id: str
    first_name: str
    family_name: str
    grade: int | None
    homeroom: str | None
    reasons: Sequence[Why]


def caseload_of(account: Account, school: School, words: str = "") -> list[Line]:
    """The students of that school for whom `account` has a reason, by name. Two statements."""
    reasons = every_reason(account.id, {school.id})
    found = (
        select(
            Student.id,
            Student.public_id,
            Student.first_name,
            Student.family_name,
            Student.grade,
            SchoolClass.title,
        )
        .outerjoin(Student.homeroom)
        .where(Student.id.in_(list(reasons)[:MOST]), Student.reachable(account, Permission.VIEW_STUDENT))
        .where(*(Student.search_key.contains(word, autoescape=True) for word in fold(words).split()))
        .order_by(Student.sort_key, Student.id)
    )
    rows: Any = db.session.execute(found)
    return [Line(*rest, reasons[student_id]) for student_id, *rest in rows]  # type: ignore[call-arg]
