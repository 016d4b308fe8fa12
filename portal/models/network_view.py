"""A network school by school: numbers that are kept, a page of them at a time, and their totals."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, true
from sqlalchemy.orm import aliased, join
from sqlalchemy.sql.selectable import FromClause

from portal.db import db
from portal.models.account import Account
from portal.models.membership_count import StaffCount
from portal.models.network import Network, NetworkSchool
from portal.models.network_measures import STUDENT_MEASURES, added_up, shown
from portal.models.school import School
from portal.models.school_count import is_outdated
from portal.models.school_totals import GradeBand, SchoolCount, SchoolTotals
from portal.permissions import Permission, Reach, Scope

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


#: Which schools are looked at; by a name of its own, since what is in reach asks that table too.
OfNetwork = aliased(NetworkSchool)


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
    measures = shown(SchoolTotals, suppresses=network.suppresses_small)
    tables, concerned = _tables(looked.band), _schools(network, by)
    page = _page(measures).select_from(tables).where(concerned).order_by(*_order(looked.order, measures))
    if looked.page is not None:
        # A thousand rows at the most, all of them looked at for the order anyway: an offset costs nothing.
        page = page.limit(PAGE + 1).offset(looked.page * PAGE)
    found = db.session.execute(page).all()
    totals = db.session.execute(_sums(measures).select_from(tables).where(concerned)).one()
    cut = found if looked.page is None else found[:PAGE]
    return NetworkView(cut, totals, has_more=len(found) > len(cut))


def schools_within(network: Network, account: Account) -> ColumnElement[bool]:
    """The schools of that network whose totals `account` may see: all of them, or the portfolio."""
    held = {reach.scope for reach in account.reaches(Permission.VIEW_NETWORK) if network.id in reach.places}
    reaches = [Reach(scope, frozenset({network.id})) for scope in held & {Scope.NETWORK, Scope.PORTFOLIO}]
    return or_(*(School.within(reach, account) for reach in reaches)) if reaches else ~true()


def _schools(network: Network, by: Account) -> ColumnElement[bool]:
    return and_(OfNetwork.network_id == network.id, School.left_at.is_(None), schools_within(network, by))


def _tables(band: GradeBand) -> FromClause:
    """Each school with its row of that band; what was not counted yet, or has nobody, has none."""
    of_band = and_(SchoolTotals.school_id == School.id, SchoolTotals.band == band.value)
    schools: Any = join(School, OfNetwork, OfNetwork.school_id == School.id)
    counted = schools.outerjoin(SchoolTotals, of_band)
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
    return select(
        *(column.label(name) for name, column in sums),
        func.coalesce(func.sum(SchoolCount.supports_running), 0).label("supports"),
        *(func.coalesce(func.sum(column), 0).label(column.name) for column in STAFF),
        func.count().label("schools"),
        func.count().filter(is_outdated(School.id)).label("outdated"),
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


def as_of(totals: Row[Any]) -> datetime | None:
    """The moment for which all numbers hold; none before anything was counted."""
    moment: datetime | None = totals.counted_at
    return moment
