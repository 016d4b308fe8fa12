"""The stored totals of networks: computed again after a change, and read only while nothing has changed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Row,
    Select,
    String,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
)

from portal import clock
from portal.db import UtcDateTime, db
from portal.models.figures.network_sums import select_sums
from portal.models.figures.network_totals import NetworkChange, NetworkTotals
from portal.models.figures.school_totals import GradeBand, SchoolChange, SchoolCount
from portal.models.schools.network import Network, NetworkSchool
from portal.models.schools.school import School
from portal.policy.permissions import Reach, Scope
from portal.policy.reach import SOMEBODY


def read_kept_sums(network: Network, band: GradeBand) -> Row[Any] | None:
    """Return the stored totals of the network; None when a change, or the end of a day, may have outdated them."""
    asked = {"network_id": network.id, "band": band.value, "now": clock.now()}
    return db.session.connection().execute(_KEPT, asked).one_or_none()


def needs_adding_up() -> bool:
    """Return whether any network has changed since its totals were stored, or has no totals yet."""
    is_any = or_(exists(select(NetworkChange.id)), exists(select(Network.id).where(~has_sums(Network.id))))
    return bool(db.session.scalar(select(is_any)))


def add_up_again() -> None:
    """Compute the totals of all changed networks again, in the open transaction.

    A change that is made meanwhile leaves a NetworkChange of its own, and is added the next time.
    """
    # First of all: a change that is noted later than this may be missing in the totals.
    marks = delete(NetworkChange).returning(NetworkChange.network_id, NetworkChange.school_id)
    removed = db.session.execute(marks, execution_options={"synchronize_session": False}).all()
    for network in _networks_of(removed):
        db.session.execute(delete(NetworkTotals).where(NetworkTotals.c.network_id == network.id))
        rows = insert(NetworkTotals).from_select([*NetworkTotals.c.keys()], select_totals(network))
        db.session.execute(rows)


def select_totals(network: Network) -> CompoundSelect[*tuple[Any, ...]]:
    """Select the columns of NetworkTotals, computed from the schools: a row for each band."""
    return union_all(*(_select_band(network, band) for band in GradeBand))


def has_sums(network_id: Any) -> ColumnElement[bool]:
    """Select whether any totals are stored for the network with that id."""
    return exists().where(NetworkTotals.c.network_id == network_id)


def network_has_changed(network_id: Any) -> ColumnElement[bool]:
    """Select whether the network with that id, or one of its schools, has changed since its totals were stored."""
    is_of_school = exists().where(
        NetworkSchool.network_id == network_id, NetworkSchool.school_id == NetworkChange.school_id
    )
    return exists().where(or_(NetworkChange.network_id == network_id, is_of_school))


def _select_band(network: Network, band: GradeBand) -> Select[*tuple[Any, ...]]:
    schools = School.within(Reach(Scope.NETWORK, frozenset({network.id})), SOMEBODY)
    are_all_counted = func.count(SchoolCount.school_id) == func.count()
    added = select_sums(band, schools, suppresses=network.suppresses_small).add_columns(
        literal(network.id).label("network_id"),
        literal(band.value).label("band"),
        case((are_all_counted, func.min(SchoolCount.fresh_until))).label("fresh_until"),
    )
    return added.with_only_columns(*(added.selected_columns[column.name] for column in NetworkTotals.columns))


def _networks_of(marks: Sequence[Row[int | None, int | None]]) -> list[Network]:
    """Return the networks that these changes name, directly or by a school, and those without totals yet."""
    of_networks = {mark.network_id for mark in marks if mark.network_id}
    of_schools = {mark.school_id for mark in marks if mark.school_id}
    with_school = select(NetworkSchool.network_id).where(NetworkSchool.school_id.in_(of_schools))
    concerned = or_(Network.id.in_(of_networks), Network.id.in_(with_school), ~has_sums(Network.id))
    networks = select(Network).where(concerned).order_by(Network.id)
    return list(db.session.scalars(networks, execution_options={"populate_existing": True}))


_ID: Any = bindparam("network_id", type_=Integer)

#: Counts the outdated schools. Only a change outdates one, because the totals are not read after a day has ended.
_OUTDATED = (
    select(func.count())
    .join_from(NetworkSchool, School, School.id == NetworkSchool.school_id)
    .where(NetworkSchool.network_id == _ID, School.is_on_roster())
    .where(NetworkSchool.school_id.in_(select(SchoolChange.school_id)))
)
_KEPT = select(NetworkTotals, _OUTDATED.scalar_subquery().label("outdated")).where(
    NetworkTotals.c.network_id == _ID,
    NetworkTotals.c.band == bindparam("band", type_=String),
    NetworkTotals.c.fresh_until > bindparam("now", type_=UtcDateTime()),
    ~network_has_changed(_ID),
)
