"""Who at a school may be offered for something: as lead of a support, as point person."""

from sqlalchemy import Select, select

from portal.db import db
from portal.models.account import Staff
from portal.models.membership import Membership
from portal.permissions import Permission


def colleagues(school_id: int, permission: Permission) -> Select[Staff]:
    """Select the staff whose level at that school grants `permission`, by name."""
    holds_it = select(Membership.staff_id).where(
        Membership.school_id == school_id, Membership.grants(permission)
    )
    own = select(Staff).where(Staff.id.in_(holds_it), Staff.closed_at.is_(None))
    return own.order_by(Staff.family_name, Staff.given_name, Staff.id)


def is_colleague(staff: Staff, school_id: int, permission: Permission) -> bool:
    """Whether `staff` is one of them."""
    one = colleagues(school_id, permission).where(Staff.id == staff.id)
    return db.session.scalar(one.with_only_columns(Staff.id)) is not None
