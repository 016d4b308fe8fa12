"""Who at a school may be offered for something, such as lead of a support. Apart: it needs memberships and accounts."""

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased
from sqlalchemy.sql import ColumnElement

from portal.db import db
from portal.models.accounts.account import Staff
from portal.models.users.membership import Membership
from portal.policy.permissions import Permission

SchoolId = int | InstrumentedAttribute[int]


def colleagues(school_id: int, permission: Permission) -> Select[Staff]:
    """Select the staff whose level at that school grants `permission`, by name."""
    own = select(Staff).where(has_permission(Staff.id, school_id, permission))
    return own.order_by(Staff.family_name, Staff.given_name, Staff.id)


def is_colleague(staff: Staff, school_id: int, permission: Permission) -> bool:
    """Return whether `staff` has a level at that school that grants `permission`."""
    one = select(Staff.id).where(Staff.id == staff.id, has_permission(Staff.id, school_id, permission))
    return db.session.scalar(one) is not None


def has_permission(
    staff_id: InstrumentedAttribute[int], school_id: SchoolId, permission: Permission
) -> ColumnElement[bool]:
    """Return the criterion that the staff with that id has a level at that school that grants `permission`."""
    person = aliased(Staff)
    level = select(Membership.id).join(person, and_(person.id == Membership.staff_id, ~person.is_closed()))
    return level.where(
        Membership.staff_id == staff_id, Membership.school_id == school_id, Membership.grants(permission)
    ).exists()
