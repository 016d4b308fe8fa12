"""Why this person sees these students: in words for them, and what would be left if one reason ended."""

from collections.abc import Iterable, Set
from typing import NamedTuple

from sqlalchemy import select, union_all
from sqlalchemy.orm import aliased

from portal.db import db
from portal.models.accounts.account import Account
from portal.models.students.student import Student
from portal.models.supports.caseload import Reason, reasons
from portal.models.supports.support import Support
from portal.models.supports.support_student import SupportStudent
from portal.policy.permissions import Permission, Scope


class Why(NamedTuple):
    """One reason. `title` is the class or support, or the point person's subject; `row_id` that of its row."""

    reason: Reason
    title: str
    row_id: int


def caseload_places(account: Account) -> Set[int]:
    """The ids of the schools where this account sees its caseload, and no more."""
    reaches = account.reaches(Permission.VIEW_STUDENT)
    return frozenset().union(*(reach.places for reach in reaches if reach.scope is Scope.CASELOAD))


def sees_caseload_only(account: Account) -> bool:
    """Whether this account sees no student but those on its caseload."""
    return all(reach.scope is Scope.CASELOAD for reach in account.reaches(Permission.VIEW_STUDENT))


def why_sees(account: Account, student: Student) -> list[Why]:
    """All reasons for this one student; none for those who see the school as a whole, who need none."""
    if student.school_id not in caseload_places(account):
        return []
    return every_reason(account.id, {student.school_id}, [student.id]).get(student.id, [])


def seen_only_through(support: Support) -> list[Student]:
    """Whom its lead sees by this support and nothing else: out of sight as soon as it ends or has another lead."""
    if support.school_id not in caseload_places(support.lead):
        return []
    own = select(SupportStudent.student_id).where(
        SupportStudent.support_id == support.id, SupportStudent.is_open()
    )
    known = every_reason(support.lead_id, {support.school_id}, db.session.scalars(own))
    alone = [each for each, why in known.items() if _is_all(why, Reason.SUPPORT, support.id)]
    return list(db.session.scalars(select(Student).where(Student.id.in_(alone)).order_by(Student.sort_key)))


def is_last_reason(account: Account, student: Student, reason: Reason, row_id: int) -> bool:
    """Whether this account would no longer see the student if that one reason ended."""
    return _is_all(why_sees(account, student), reason, row_id)


def _is_all(why: list[Why], reason: Reason, row_id: int) -> bool:
    return [(each.reason, each.row_id) for each in why] == [(reason, row_id)]


def every_reason(
    staff_id: int, school_ids: Set[int], student_ids: Iterable[int] | None = None
) -> dict[int, list[Why]]:
    """The reasons that this person has or would have at a caseload level, by student id: one statement.

    Of these students; without any, of all there are.
    """
    pupil = aliased(Student)
    queries = reasons(staff_id, school_ids, pupil)
    if student_ids is not None:
        ids = list(student_ids)
        queries = [why.where(pupil.id.in_(ids)) for why in queries]
    every = union_all(*queries).subquery()
    found: dict[int, list[Why]] = {}
    for student_id, reason, title, row_id in db.session.execute(select(every).order_by(*every.c)):
        found.setdefault(student_id, []).append(Why(Reason(reason), title, row_id))
    return found
