"""The schools of a network with their stored numbers, a page at a time, and the totals of all."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Result, Row, Select, and_, bindparam, func, select

from portal import clock
from portal.db import UtcDateTime, db
from portal.models.accounts.account import Account
from portal.models.figures.network_count import read_kept_sums
from portal.models.figures.network_sums import STAFF, counted_schools, is_there, select_sums
from portal.models.figures.school_count import has_changed
from portal.models.figures.school_totals import GradeBand, SchoolCount, SchoolTotals
from portal.models.figures.small_numbers import STUDENT_MEASURES, shown_columns
from portal.models.paging import cut
from portal.models.schools.network import Network
from portal.models.schools.school import School
from portal.policy.permissions import Permission, Scope
from portal.policy.reach import Scopes, asked_by

PAGE = 50

#: What the table can be ordered by. The highest number comes first, and a number that is not shown comes last.
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
    """The part of a network that somebody asks for. `page` counts from 0; None is all schools at once."""

    band: GradeBand = GradeBand.ALL
    order: str = "name"
    page: int | None = 0


class NetworkView(NamedTuple):
    """The numbers of each school on a page, and the totals of all schools with their number and age."""

    schools: Sequence[SimpleNamespace]
    totals: Row[Any]
    has_more: bool


def view_of(network: Network, looked: Looked, *, by: Account) -> NetworkView:
    """Return the schools of that network in reach of `by`, in two or three statements."""
    scopes, asker = asked_by(by, Permission.VIEW_NETWORK, at=network.id)
    page, totals = _statements(looked.band, looked.order, scopes, suppresses=network.suppresses_small)
    first = 0 if looked.page is None else looked.page * PAGE
    most = _EVERY if looked.page is None else PAGE
    connection = db.session.connection()
    found = _plain(connection.execute(page, asker | {"first": first, "most": most + 1}))
    kept = read_kept_sums(network, looked.band) if Scope.NETWORK in scopes else None
    added = kept or connection.execute(totals, asker | {"now": clock.now()}).one()
    schools, has_more = cut(found, most)
    return NetworkView(schools, added, has_more=has_more)


def _plain(rows: Result[Any]) -> list[SimpleNamespace]:
    """Return the rows as plain objects: a page reads each column several times, which is slow with a Row."""
    names = rows.keys()
    return [SimpleNamespace(**dict(zip(names, row, strict=True))) for row in rows]


#: More schools than any network has.
_EVERY = 1_000_000


@lru_cache(maxsize=256)
def _statements(
    band: GradeBand, order: str, scopes: Scopes, *, suppresses: bool
) -> tuple[Select[Any], Select[Any]]:
    """Build the statements of a page and of the totals; cached, because building takes longer than executing."""
    schools = School.reachable_by_asker(scopes)
    totals = select_sums(band, schools, suppresses=suppresses).add_columns(_OUTDATED.label("outdated"))
    return _page(band, order, schools, suppresses=suppresses), totals


def _page(
    band: GradeBand, order: str, schools: ColumnElement[bool], *, suppresses: bool
) -> Select[*tuple[Any, ...]]:
    """Select the page's schools by their order alone in a subquery, then the numbers of only those schools."""
    measures = shown_columns(SchoolTotals, suppresses=suppresses)
    tables = counted_schools(band)
    by_order = _order(order, measures)
    columns = (measures[name].label(name) for name in STUDENT_MEASURES)
    ids = select(School.id).select_from(tables).where(is_there(schools)).order_by(*by_order)
    # An offset costs nothing: there are a thousand rows at most, and most orders read all of them anyway.
    ids = ids.limit(bindparam("most", type_=Integer)).offset(bindparam("first", type_=Integer))
    page = select(
        School.public_id, School.name, SchoolTotals.school_id.is_not(None).label("has_students"), *columns,
        SchoolCount.supports_running.label("supports"), *STAFF,
    )  # fmt: skip
    return page.select_from(tables).where(School.id.in_(ids)).order_by(*by_order)


#: Counts the schools whose numbers may have changed since they were counted.
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
    """Return the access levels held at that school, or in the row of totals, and how many people hold each."""
    return [(label, count) for name, label in _LEVELS if (count := getattr(school, name))]


_LEVELS = [(column.name, column.info["label"]) for column in STAFF]
