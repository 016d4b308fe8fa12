"""List the students on a person's caseload with the reasons, and tell which would be lost with one reason (rule B9)."""

from collections.abc import Iterable, Sequence, Set
from typing import Any, NamedTuple

from sqlalchemy import select, union_all
from sqlalchemy.orm import aliased

from portal.db import db
from portal.models.accounts.account import Account
from portal.models.rows import fold
from portal.models.schools.school import School
from portal.models.schools.school_class import SchoolClass
from portal.models.students.student import Student
from portal.models.supports.caseload import Reason, reason_queries
from portal.models.supports.support import Support
from portal.models.supports.support_student import SupportStudent
from portal.policy.permissions import Permission, Scope

#: The greatest number of students that My Caseload lists, more than any person has.
MOST = 2_000


class CaseloadReason(NamedTuple):
    """One reason. `title` names the class or support, or the point person's subject; `row_id` is the id of its row."""

    reason: Reason
    title: str
    row_id: int


class CaseloadLine(NamedTuple):
    """One student of My Caseload, with all reasons."""

    public_id: str
    first_name: str
    family_name: str
    grade: int | None
    homeroom: str | None
    reasons: Sequence[CaseloadReason]


def caseload_of(account: Account, school: School, words: str = "") -> list[CaseloadLine]:
    """Return the students of the school for whom `account` has a reason and who match all `words`, by name."""
    reasons = all_reasons(account.id, {school.id})
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
    return [CaseloadLine(*rest, reasons[student_id]) for student_id, *rest in rows]  # type: ignore[call-arg]


def caseload_school_ids(account: Account) -> Set[int]:
    """Return the ids of the schools at which this account sees only its caseload."""
    reaches = account.reaches(Permission.VIEW_STUDENT)
    return frozenset().union(*(reach.places for reach in reaches if reach.scope is Scope.CASELOAD))


def sees_caseload_only(account: Account) -> bool:
    """Whether this account sees only students on its caseload, at each of its schools."""
    return all(reach.scope is Scope.CASELOAD for reach in account.reaches(Permission.VIEW_STUDENT))


def reasons_for(account: Account, student: Student) -> list[CaseloadReason]:
    """Return all reasons for this student; none for an account that sees the whole school."""
    if student.school_id not in caseload_school_ids(account):
        return []
    return all_reasons(account.id, {student.school_id}, [student.id]).get(student.id, [])


def students_seen_only_through(support: Support) -> list[Student]:
    """Return the students whom the lead sees only because of this support, and no longer when it ends."""
    if support.school_id not in caseload_school_ids(support.lead):
        return []
    own = select(SupportStudent.student_id).where(
        SupportStudent.support_id == support.id, SupportStudent.is_open()
    )
    known = all_reasons(support.lead_id, {support.school_id}, db.session.scalars(own))
    alone = [each for each, reasons in known.items() if _are_only(reasons, Reason.SUPPORT, support.id)]
    return list(db.session.scalars(select(Student).where(Student.id.in_(alone)).order_by(Student.sort_key)))


def is_last_reason(account: Account, student: Student, reason: Reason, row_id: int) -> bool:
    """Whether this account would no longer see the student if that one reason ended."""
    return _are_only(reasons_for(account, student), reason, row_id)


def all_reasons(
    staff_id: int, school_ids: Set[int], student_ids: Iterable[int] | None = None
) -> dict[int, list[CaseloadReason]]:
    """Return, by student id, the reasons that this person has, or would have at a caseload level.

    With `student_ids`, return only those of these students.
    """
    aliased_student = aliased(Student)
    queries = reason_queries(staff_id, school_ids, aliased_student)
    if student_ids is not None:
        ids = list(student_ids)
        queries = [query.where(aliased_student.id.in_(ids)) for query in queries]
    every = union_all(*queries).subquery()
    found: dict[int, list[CaseloadReason]] = {}
    for student_id, reason, title, row_id in db.session.execute(select(every).order_by(*every.c)):
        found.setdefault(student_id, []).append(CaseloadReason(Reason(reason), title, row_id))
    return found


def _are_only(reasons: list[CaseloadReason], reason: Reason, row_id: int) -> bool:
    """Whether that reason is the only one."""
    return [(each.reason, each.row_id) for each in reasons] == [(reason, row_id)]
