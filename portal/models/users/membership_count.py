"""The table of how many people have each access level at a school, kept with the other totals of the school."""

from collections.abc import Mapping

from sqlalchemy import Column, ForeignKey, Integer, Table, func
from sqlalchemy.sql import ColumnElement

from portal.db import Base
from portal.models.users.membership import Membership
from portal.policy.permissions import AccessLevel

#: A column a level, named as the level is stored.
StaffCount = Table(
    "staff_counts",
    Base.metadata,
    Column("school_id", Integer, ForeignKey("schools.id"), primary_key=True),
    *(Column(level.value, Integer, nullable=False, info={"label": level.label}) for level in AccessLevel),
)

LEVELS = tuple(AccessLevel)


def staff_by_level() -> Mapping[str, ColumnElement[int]]:
    """Return, by level, the expression that counts its memberships."""
    return {level.value: func.count().filter(Membership.level == level.value) for level in LEVELS}
