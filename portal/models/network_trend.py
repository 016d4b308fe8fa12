"""How a network's totals went over the last weeks: one day of each, from the snapshots that the worker takes."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, func, select

from portal import clock
from portal.db import db
from portal.models.account import Account
from portal.models.network import Network
from portal.models.network_measures import STUDENT_MEASURES, added_up, shown
from portal.models.network_view import OfNetwork, schools_within
from portal.models.school import School
from portal.models.school_snapshot import SchoolSnapshot

WEEKS = 8


def trend_of(network: Network, *, by: Account) -> Sequence[Row[*tuple[Any, ...]]]:
    """A row a week, the oldest first: `day`, `schools`, and totals. Weeks without snapshots are left out."""
    measures = shown(SchoolSnapshot, suppresses=network.suppresses_small)
    sums = zip(STUDENT_MEASURES, added_up(measures), strict=True)
    today = clock.now().date()
    days = [today - timedelta(weeks=week) for week in range(1, WEEKS)]
    newest = select(func.max(SchoolSnapshot.day)).scalar_subquery()
    concerned = (OfNetwork.network_id == network.id, schools_within(network, by))
    weeks = (
        select(
            SchoolSnapshot.day, func.count().label("schools"), *(total.label(name) for name, total in sums)
        )
        .join(School, School.id == SchoolSnapshot.school_id)
        .join(OfNetwork, OfNetwork.school_id == School.id)
        .where(*concerned, SchoolSnapshot.day.in_(days) | (SchoolSnapshot.day == newest))
        .group_by(SchoolSnapshot.day)
        .order_by(SchoolSnapshot.day)
    )
    return db.session.execute(weeks).all()
