"""A network's totals over the last weeks: one day of each week, from the snapshots that the worker takes."""

from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Date, Row, Select, bindparam, func, select

from portal import clock
from portal.db import db
from portal.models.accounts.account import Account
from portal.models.figures.school_snapshot import SchoolSnapshot
from portal.models.figures.small_numbers import NESTED, shown_columns, sum_columns
from portal.models.schools.network import Network
from portal.models.schools.school import School
from portal.policy.permissions import Permission
from portal.policy.reach import Scopes, asked_by

WEEKS = 8


def trend_of(network: Network, *, by: Account) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return a row for each week that has snapshots, the oldest first: `day`, `schools` and the totals."""
    scopes, asker = asked_by(by, Permission.VIEW_NETWORK, at=network.id)
    today = clock.now().date()
    days = [today - timedelta(weeks=week) for week in range(1, WEEKS)]
    weeks = _weeks(scopes, suppresses=network.suppresses_small)
    return db.session.connection().execute(weeks, asker | {"days": days}).all()


@lru_cache
def _weeks(scopes: Scopes, *, suppresses: bool) -> Select[*tuple[Any, ...]]:
    columns = shown_columns(SchoolSnapshot, suppresses=suppresses, measures=NESTED)
    sums = zip(NESTED, sum_columns(columns), strict=True)
    newest = select(func.max(SchoolSnapshot.day)).scalar_subquery()
    days = bindparam("days", type_=Date, expanding=True)
    return (
        select(
            SchoolSnapshot.day, func.count().label("schools"), *(total.label(name) for name, total in sums)
        )
        .join(School, School.id == SchoolSnapshot.school_id)
        .where(
            School.reachable_by_asker(scopes), SchoolSnapshot.day.in_(days) | (SchoolSnapshot.day == newest)
        )
        .group_by(SchoolSnapshot.day)
        .order_by(SchoolSnapshot.day)
    )
