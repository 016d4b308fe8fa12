"""Find the supports that people lead and the students whose point person they are, to be handed over (rule B20)."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, and_, false, func, or_, select

from portal.db import db
from portal.models.accounts.account import Staff
from portal.models.schools.school import School
from portal.models.students.student import Student
from portal.models.supports.point_person import PointKind, PointPerson
from portal.models.supports.support import Support
from portal.models.users.membership import Membership
from portal.policy.permissions import Permission


class Duties(NamedTuple):
    """How many supports a person leads at one school, and of how many students they are point person."""

    supports: int
    students: int


def duties_of(row: Membership) -> Duties:
    """Return the duties of the person of this membership at its school."""
    counts = select(supports_led(), students_in_charge()).where(Membership.id == row.id)
    return Duties._make(db.session.execute(counts).one())


def supports_led() -> ScalarSelect[int]:
    """Return a subquery for statements on Membership: how many supports the person leads there that are not over."""
    led = select(func.count(Support.id)).where(
        Support.lead_id == Membership.staff_id, Support.school_id == Membership.school_id,
        ~Support.is_over(),
    )  # fmt: skip
    return led.correlate(Membership).scalar_subquery()


def students_in_charge() -> ScalarSelect[int]:
    """Return a subquery for statements on Membership: of how many students the person is point person there."""
    own = select(func.count(PointPerson.student_id.distinct())).where(
        PointPerson.staff_id == Membership.staff_id, PointPerson.school_id == Membership.school_id,
        PointPerson.is_current(),
    )  # fmt: skip
    return own.correlate(Membership).scalar_subquery()


def needs_handover() -> ColumnElement[bool]:
    """Return the criterion on Membership that the person has duties for which the level no longer suffices."""
    leads = and_(~Membership.grants(Permission.LEAD_SUPPORT), supports_led() > 0)
    points = and_(~Membership.grants(Permission.BE_POINT_PERSON), students_in_charge() > 0)
    return or_(false(), leads, points)


def point_person_at(school: School, public_id: str, kind: PointKind) -> Staff | None:
    """Return the account with that public id if it is point person for that subject at this school, else None."""
    live = select(PointPerson.staff_id).where(
        PointPerson.school_id == school.id, PointPerson.kind == kind.value, PointPerson.is_current()
    )
    return db.session.scalar(select(Staff).where(Staff.public_id == public_id, Staff.id.in_(live)))


def students_of_point_person(staff: Staff, school: School, kind: PointKind) -> ColumnElement[bool]:
    """Return the criterion for the students of that school whose point person for that subject is `staff`."""
    own = select(PointPerson.student_id).where(
        PointPerson.school_id == school.id,
        PointPerson.staff_id == staff.id,
        PointPerson.kind == kind.value,
        PointPerson.is_current(),
    )
    return and_(Student.school_id == school.id, Student.id.in_(own))
