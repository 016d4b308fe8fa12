"""What somebody still stands for at a school though their access level no longer fits it: others should take over."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, and_, false, func, or_, select

from portal.db import db
from portal.models.supports.point_person import PointPerson
from portal.models.supports.support import Support
from portal.models.users.membership import Membership
from portal.policy.permissions import Permission


class Duties(NamedTuple):
    """Supports this person leads, and students whose point person they are, at one school."""

    supports: int
    students: int


def duties_of(row: Membership) -> Duties:
    """What would be left without anybody if `row` lost its access."""
    counts = select(supports_led(), students_in_charge()).where(Membership.id == row.id)
    return Duties._make(db.session.execute(counts).one())


def supports_led() -> ScalarSelect[int]:
    """How many supports the person of a Membership leads there that are not over; for any statement about those."""
    led = select(func.count(Support.id)).where(
        Support.lead_id == Membership.staff_id, Support.school_id == Membership.school_id,
        ~Support.is_over(),
    )  # fmt: skip
    return led.correlate(Membership).scalar_subquery()


def students_in_charge() -> ScalarSelect[int]:
    """How many students they are point person of there."""
    own = select(func.count(PointPerson.student_id.distinct())).where(
        PointPerson.staff_id == Membership.staff_id, PointPerson.school_id == Membership.school_id,
        PointPerson.is_current(),
    )  # fmt: skip
    return own.correlate(Membership).scalar_subquery()


def is_flagged() -> ColumnElement[bool]:
    """Those whose level does not let them lead, or be point person, and who do so all the same."""
    leads = and_(~Membership.grants(Permission.LEAD_SUPPORT), supports_led() > 0)
    points = and_(~Membership.grants(Permission.BE_POINT_PERSON), students_in_charge() > 0)
    return or_(false(), leads, points)
