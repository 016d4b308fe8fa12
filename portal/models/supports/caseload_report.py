"""Report what leaves caseloads empty at a school: supports and point roles to be handed over, gaps in the roster."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, and_, exists, func, not_, or_, select
from sqlalchemy.orm import aliased, defer

from portal.db import db
from portal.models.accounts.account import Account, Staff
from portal.models.jobs.roster_import import RosterImport
from portal.models.schools.school import School
from portal.models.schools.school_class import Enrolment, SchoolClass, TeachingAssignment
from portal.models.students.student import Student
from portal.models.supports.caseload import reason_queries
from portal.models.supports.point_person import PointKind, PointPerson
from portal.models.supports.support import Support
from portal.models.users.eligible import has_permission
from portal.models.users.membership import Membership
from portal.policy.permissions import Permission, Scope

#: The greatest number of lines in each part of the report.
MOST = 100


class VacantRole(NamedTuple):
    """A point person who can no longer edit students, with the subject and the number of students."""

    staff_id: str
    name: str
    kind: PointKind
    students: int


class CaseloadReport(NamedTuple):
    """The parts of the report; the rows have the columns of their queries below.

    `supports` have a lead without access, `roles` are point people to be replaced, `untaught` are classes without a
    teacher, `empty` are staff with an empty caseload. `unmatched` are problems of `roster`, the asker's latest.
    """

    supports: Sequence[Row[str, str, str]]
    roles: list[VacantRole]
    roster: RosterImport | None
    unmatched: list[dict[str, Any]]
    untaught: Sequence[Row[str, str, int]]
    empty: Sequence[Row[str, str, str | None, int, int]]

    @property
    def is_clear(self) -> bool:
        """Whether there is nothing to report."""
        return not (self.supports or self.roles or self.unmatched or self.untaught or self.empty)


def caseload_report(school: School, *, by: Account) -> CaseloadReport:
    """Return the report about one school."""
    roster = _latest_roster(by)
    return CaseloadReport(
        supports=db.session.execute(_leaderless(school).limit(MOST)).all(),
        roles=[
            VacantRole(staff_id, name, PointKind(kind), students)
            for staff_id, name, kind, students in db.session.execute(_orphaned(school).limit(MOST))
        ],
        roster=roster,
        unmatched=_unmatched(roster),
        untaught=db.session.execute(_untaught(school).limit(MOST)).all(),
        empty=db.session.execute(_empty(school).limit(MOST)).all(),
    )


def _leaderless(school: School) -> Select[str, str, str]:
    """Select the supports that run or are planned and whose lead has no access at the school."""
    return (
        select(Support.public_id, Support.name, Staff.name.label("lead"))
        .join(Staff, Staff.id == Support.lead_id)
        .where(Support.school_id == school.id, not_(Support.is_over()))
        .where(not_(has_permission(Staff.id, school.id, Permission.LEAD_SUPPORT)))
        .order_by(Support.name)
    )


def _orphaned(school: School) -> Select[str, str, str, int]:
    """Select the point people who may no longer edit students at the school, with the number of students."""
    return (
        select(Staff.public_id, Staff.name, PointPerson.kind, func.count())
        .select_from(PointPerson)
        .join(Staff, Staff.id == PointPerson.staff_id)
        .join(Student, Student.id == PointPerson.student_id)
        .where(PointPerson.school_id == school.id, PointPerson.is_current())
        .where(Student.school_id == school.id, Student.is_enrolled())
        .where(not_(has_permission(Staff.id, school.id, Permission.BE_POINT_PERSON)))
        .group_by(Staff.public_id, Staff.given_name, Staff.family_name, PointPerson.kind)
        .order_by(Staff.family_name, Staff.given_name, PointPerson.kind)
    )


def _untaught(school: School) -> Select[str, str, int]:
    """Select the classes with students and without a teacher."""
    is_in = and_(Enrolment.class_id == SchoolClass.id, Enrolment.is_current())
    teaches = and_(TeachingAssignment.class_id == SchoolClass.id, TeachingAssignment.is_current())
    return (
        select(SchoolClass.title, SchoolClass.kind, func.count(Enrolment.id).label("students"))
        .join(Enrolment, is_in)
        .where(SchoolClass.school_id == school.id, SchoolClass.is_current())
        .where(not_(exists().where(teaches)))
        .group_by(SchoolClass.id, SchoolClass.title, SchoolClass.kind)
        .order_by(SchoolClass.title)
    )


def _empty(school: School) -> Select[str, str, str | None, int, int]:
    """Select the staff at a caseload level who see no student, with the number of their classes and enrolments."""
    reasons = reason_queries(Staff.id, {school.id}, aliased(Student))
    has_reason = or_(*(query.correlate(Staff).exists() for query in reasons))
    taught = select(TeachingAssignment.class_id).where(
        TeachingAssignment.staff_id == Staff.id, TeachingAssignment.is_current()
    )
    is_taught = SchoolClass.id.in_(taught.correlate(Staff)), SchoolClass.is_current()
    is_in_taught = Enrolment.class_id.in_(taught.correlate(Staff)), Enrolment.is_current()
    return (
        select(
            Staff.given_name, Staff.family_name, Staff.title,
            select(func.count(SchoolClass.id)).where(*is_taught).scalar_subquery().label("classes"),
            select(func.count(Enrolment.id)).where(*is_in_taught).scalar_subquery().label("enrolments"),
        )
        .join(Membership, Membership.staff_id == Staff.id)
        .where(Membership.school_id == school.id, ~Staff.is_closed())
        .where(Membership.grants(Permission.VIEW_STUDENT, scope=Scope.CASELOAD), not_(has_reason))
        .order_by(Staff.family_name, Staff.given_name)
    )  # fmt: skip


def _latest_roster(by: Account) -> RosterImport | None:
    """Return the last roster that this account has applied; the problems of others' files are not shown."""
    own = RosterImport.visible_to(by, Permission.IMPORT_ROSTER).where(RosterImport.is_applied())
    latest = own.options(defer(RosterImport.preview)).order_by(RosterImport.id.desc()).limit(1)
    return db.session.scalar(latest)


def _unmatched(roster: RosterImport | None) -> list[dict[str, Any]]:
    """Return the problems about staff who got no account because of their email."""
    found = (roster.summary or {}).get("problems", []) if roster else []
    return [each for each in found if (each["column"], each["severity"]) == ("email", "rejected")]
