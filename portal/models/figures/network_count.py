"""The sums of networks: added up again when something has changed, and looked at only while nothing has."""

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
from portal.models.figures.network_sums import sums
from portal.models.figures.network_totals import NetworkChange, NetworkTotals
from portal.models.figures.school_totals import GradeBand, SchoolChange, SchoolCount
from portal.models.schools.network import Network, NetworkSchool
from portal.models.schools.school import School
from portal.policy.permissions import Reach, Scope
from portal.policy.reach import SOMEBODY


def kept_sums(network: Network, band: GradeBand) -> Row[Any] | None:
    """The sums over all schools of the network; none where they may not be right, or a day has ended at one."""
    asked = {"network_id": network.id, "band": band.value, "now": clock.now()}
    return db.session.connection().execute(_KEPT, asked).one_or_none()


def is_waiting() -> bool:
    """Whether there is anything to add up again, or for the first time."""
    is_any = or_(exists(select(NetworkChange.id)), exists(select(Network.id).where(~has_sums(Network.id))))
    return bool(db.session.scalar(select(is_any)))


def add_up_again() -> None:
    """Bring the sums of all networks that wait up to date, in the open transaction.

    What others change at the same moment leaves its mark again, and is added up the next time.
    """
    # Before all else: what is marked later than this may be missing in the sums.
    marks = delete(NetworkChange).returning(NetworkChange.network_id, NetworkChange.school_id)
    removed = db.session.execute(marks, execution_options={"synchronize_session": False}).all()
    for network in _networks_of(removed):
        db.session.execute(delete(NetworkTotals).where(NetworkTotals.c.network_id == network.id))
        rows = insert(NetworkTotals).from_select([*NetworkTotals.c.keys()], added_up(network))
        db.session.execute(rows)


def added_up(network: Network) -> CompoundSelect[*tuple[Any, ...]]:
    """The columns of NetworkTotals, added up afresh: a row for each band."""
    return union_all(*(_added_up(network, band) for band in GradeBand))


def has_sums(network_id: Any) -> ColumnElement[bool]:
    """Whether the network with that id was added up at any time."""
    return exists().where(NetworkTotals.c.network_id == network_id)


def is_marked(network_id: Any) -> ColumnElement[bool]:
    """Whether anything was changed, since, that the sums of the network with that id hold."""
    is_of_school = exists().where(
        NetworkSchool.network_id == network_id, NetworkSchool.school_id == NetworkChange.school_id
    )
    return exists().where(or_(NetworkChange.network_id == network_id, is_of_school))


def _added_up(network: Network, band: GradeBand) -> Select[*tuple[Any, ...]]:
    schools = School.within(Reach(Scope.NETWORK, frozenset({network.id})), SOMEBODY)
    are_all_counted = func.count(SchoolCount.school_id) == func.count()
    added = sums(band, schools, suppresses=network.suppresses_small).add_columns(
        literal(network.id).label("network_id"),
        literal(band.value).label("band"),
        case((are_all_counted, func.min(SchoolCount.fresh_until))).label("fresh_until"),
    )
    return added.with_only_columns(*(added.selected_columns[column.name] for column in NetworkTotals.columns))


def _networks_of(marks: Sequence[Row[int | None, int | None]]) -> list[Network]:
    """The networks that these marks are about, by themselves or by a school, and those without sums yet."""
    of_networks = {mark.network_id for mark in marks if mark.network_id}
    of_schools = {mark.school_id for mark in marks if mark.school_id}
    with_school = select(NetworkSchool.network_id).where(NetworkSchool.school_id.in_(of_schools))
    concerned = or_(Network.id.in_(of_networks), Network.id.in_(with_school), ~has_sums(Network.id))
    networks = select(Network).where(concerned).order_by(Network.id)
    return list(db.session.scalars(networks, execution_options={"populate_existing": True}))


_ID: Any = bindparam("network_id", type_=Integer)

#: As long as no day has ended at any school, only those that have changed are outdated.
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
    ~is_marked(_ID),
)
