"""A network school by school: numbers that are kept, a page of them at a time, and their totals."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Row, Select, and_, bindparam, func, select
from sqlalchemy.orm import join
from sqlalchemy.sql.selectable import FromClause

from portal import clock
from portal.db import UtcDateTime, db
from portal.models.account import Account
from portal.models.membership_count import StaffCount
from portal.models.network import Network
from portal.models.network_measures import STUDENT_MEASURES, added_up, shown
from portal.models.school import School
from portal.models.school_count import has_changed
from portal.models.school_totals import GradeBand, SchoolCount, SchoolTotals
from portal.permissions import Permission
from portal.reach import Scopes, asked_by

PAGE = 50

#: What the table can be ordered by; numbers from the highest down, what is not shown last.
ORDERS = (
    "name",
    "enrolled",
    "attendance",
    "enabled",
    "with_one",
    "with_two",
    "supports",
    "without_point_person",
)

STAFF = tuple(column for column in StaffCount.columns if not column.primary_key)


class Looked(NamedTuple):
    """What somebody wants to see of a network. `page` counts from 0; none for all schools at once."""

    band: GradeBand = GradeBand.ALL
    order: str = "name"
    page: int | None = 0


class NetworkView(NamedTuple):
    """`schools` have name, public_id and the measures; in `totals` also how many schools, and how fresh they are."""

    schools: Sequence[Row[Any]]
    totals: Row[Any]
    has_more: bool


def view_of(network: Network, looked: Looked, *, by: Account) -> NetworkView:
    """The schools of that network in `by`'s reach. Two statements, however many schools."""
    scopes, asker = asked_by(by, Permission.VIEW_NETWORK, at=network.id)
    page, totals = _statements(looked.band, looked.order, scopes, suppresses=network.suppresses_small)
    first, most = (0, _EVERY) if looked.page is None else (looked.page * PAGE, PAGE)
    connection = db.session.connection()
    found = connection.execute(page, asker | {"first": first, "most": most + 1}).all()
    added = connection.execute(totals, asker | {"now": clock.now()}).one()
    return NetworkView(found[:most], added, has_more=len(found) > most)


#: More than any network has.
_EVERY = 1_000_000


@lru_cache(maxsize=256)
def _statements(
    band: GradeBand, order: str, scopes: Scopes, *, suppresses: bool
) -> tuple[Select[Any], Select[Any]]:
    """Those of a page and of the totals: to build them takes longer than to ask them."""
    measures = shown(SchoolTotals, suppresses=suppresses)
    tables, concerned = _tables(band), (School.left_at.is_(None), School.reachable_by_asker(scopes))
    page = _page(measures).select_from(tables).where(*concerned).order_by(*_order(order, measures))
    # A thousand rows at the most, all of them looked at for the order anyway: an offset costs nothing.
    page = page.limit(bindparam("most", type_=Integer)).offset(bindparam("first", type_=Integer))
    return page, _sums(measures).select_from(tables).where(*concerned)


def _tables(band: GradeBand) -> FromClause:
    """Each school with its row of that band; what was not counted yet, or has nobody, has none."""
    of_band = and_(SchoolTotals.school_id == School.id, SchoolTotals.band == band.value)
    counted: Any = join(School, SchoolTotals, of_band, isouter=True)
    counted = counted.outerjoin(SchoolCount, SchoolCount.school_id == School.id)
    tables: FromClause = counted.outerjoin(StaffCount, StaffCount.c.school_id == School.id)
    return tables


def _page(measures: Mapping[str, ColumnElement[Any]]) -> Select[*tuple[Any, ...]]:
    columns = (measures[name].label(name) for name in STUDENT_MEASURES)
    return select(
        School.public_id, School.name, SchoolTotals.school_id.is_not(None).label("has_students"), *columns,
        SchoolCount.supports_running.label("supports"), *STAFF,
    )  # fmt: skip


def _sums(measures: Mapping[str, ColumnElement[Any]]) -> Select[*tuple[Any, ...]]:
    sums = zip(STUDENT_MEASURES, added_up(dict(measures)), strict=True)
    is_fresh = and_(SchoolCount.fresh_until > bindparam("now", type_=UtcDateTime()), ~has_changed(School.id))
    return select(
        *(column.label(name) for name, column in sums),
        func.coalesce(func.sum(SchoolCount.supports_running), 0).label("supports"),
        *(func.coalesce(func.sum(column), 0).label(column.name) for column in STAFF),
        func.count().label("schools"),
        (func.count() - func.count().filter(is_fresh)).label("outdated"),
        func.min(SchoolCount.counted_at).label("counted_at"),
    )


def _order(order: str, measures: Mapping[str, ColumnElement[Any]]) -> tuple[ColumnElement[Any], ...]:
    by_name = (School.name.asc(), School.id.asc())
    match order:
        case "name":
            return by_name
        case "supports":
            return (SchoolCount.supports_running.desc().nulls_last(), *by_name)
        case "attendance":
            days = func.nullif(measures["days_known"], 0)
            return ((measures["days_absent"] * 1.0 / days).asc().nulls_last(), *by_name)
        case _:
            return (measures[order].desc().nulls_last(), *by_name)


def staff_of(school: Row[Any]) -> list[tuple[str, int]]:
    """The access levels that anybody holds at that school, or at all schools of a row of totals, and how many do."""
    return [(column.info["label"], count) for column in STAFF if (count := getattr(school, column.name))]


def as_of(totals: Row[Any]) -> datetime | None:
    """The moment for which all numbers hold; none before anything was counted."""
    moment: datetime | None = totals.counted_at
    return moment
