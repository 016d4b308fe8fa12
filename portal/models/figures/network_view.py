"""A network school by school: numbers that are kept, a page of them at a time, and their totals."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Result, Row, Select, and_, bindparam, func, select

from portal import clock
from portal.db import UtcDateTime, db
from portal.models.accounts.account import Account
from portal.models.figures.network_count import kept_sums
from portal.models.figures.network_sums import STAFF, counted_schools, is_there, sums
from portal.models.figures.school_count import has_changed
from portal.models.figures.school_totals import GradeBand, SchoolCount, SchoolTotals
from portal.models.figures.small_numbers import STUDENT_MEASURES, shown
from portal.models.rows import cut
from portal.models.schools.network import Network
from portal.models.schools.school import School
from portal.policy.permissions import Permission, Scope
from portal.policy.reach import Scopes, asked_by

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


class Looked(NamedTuple):
    """What somebody wants to see of a network. `page` counts from 0; none for all schools at once."""

    band: GradeBand = GradeBand.ALL
    order: str = "name"
    page: int | None = 0


class NetworkView(NamedTuple):
    """`schools` have name, public_id and the measures; in `totals` also how many schools, and how fresh they are."""

    schools: Sequence[SimpleNamespace]
    totals: Row[Any]
    has_more: bool


def view_of(network: Network, looked: Looked, *, by: Account) -> NetworkView:
    """The schools of that network in `by`'s reach. Two statements, however many schools, at most three."""
    scopes, asker = asked_by(by, Permission.VIEW_NETWORK, at=network.id)
    page, totals = _statements(looked.band, looked.order, scopes, suppresses=network.suppresses_small)
    first, most = (0, _EVERY) if looked.page is None else (looked.page * PAGE, PAGE)
    connection = db.session.connection()
    found = _plain(connection.execute(page, asker | {"first": first, "most": most + 1}))
    kept = kept_sums(network, looked.band) if Scope.NETWORK in scopes else None
    added = kept or connection.execute(totals, asker | {"now": clock.now()}).one()
    schools, has_more = cut(found, most)
    return NetworkView(schools, added, has_more=has_more)


def _plain(rows: Result[Any]) -> list[SimpleNamespace]:
    """On a page each column is read several times: of a Row, that takes longer than the statement."""
    names = rows.keys()
    return [SimpleNamespace(**dict(zip(names, row, strict=True))) for row in rows]


#: More than any network has.
_EVERY = 1_000_000


@lru_cache(maxsize=256)
def _statements(
    band: GradeBand, order: str, scopes: Scopes, *, suppresses: bool
) -> tuple[Select[Any], Select[Any]]:
    """Those of a page and of the totals: to build them takes longer than to ask them."""
    schools = School.reachable_by_asker(scopes)
    totals = sums(band, schools, suppresses=suppresses).add_columns(_OUTDATED.label("outdated"))
    return _page(band, order, schools, suppresses=suppresses), totals


def _page(
    band: GradeBand, order: str, schools: ColumnElement[bool], *, suppresses: bool
) -> Select[*tuple[Any, ...]]:
    """Which schools first, with no more of each than the order needs; then their numbers."""
    measures, tables = shown(SchoolTotals, suppresses=suppresses), counted_schools(band)
    by_order, columns = _order(order, measures), (measures[name].label(name) for name in STUDENT_MEASURES)
    ids = select(School.id).select_from(tables).where(is_there(schools)).order_by(*by_order)
    # A thousand rows at the most, for most orders all of them looked at anyway: an offset costs nothing.
    ids = ids.limit(bindparam("most", type_=Integer)).offset(bindparam("first", type_=Integer))
    page = select(
        School.public_id, School.name, SchoolTotals.school_id.is_not(None).label("has_students"), *columns,
        SchoolCount.supports_running.label("supports"), *STAFF,
    )  # fmt: skip
    return page.select_from(tables).where(School.id.in_(ids)).order_by(*by_order)


#: Of all that are added up, those whose numbers may have changed since they were counted.
_IS_FRESH = and_(SchoolCount.fresh_until > bindparam("now", type_=UtcDateTime()), ~has_changed(School.id))
_OUTDATED = func.count() - func.count().filter(_IS_FRESH)


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


def staff_of(school: Any) -> list[tuple[str, int]]:
    """The access levels that anybody holds at that school, or in the row of totals, and how many do."""
    return [(label, count) for name, label in _LEVELS if (count := getattr(school, name))]


_LEVELS = [(column.name, column.info["label"]) for column in STAFF]
