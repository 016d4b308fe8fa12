"""What networks see of their schools is kept up to date by the worker, and can be proved right."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import select

from portal import db
from portal.models import GradeBand, Network, NetworkTotals, School, SchoolCount, SchoolTotals, StaffCount
from portal.models.figures.network_count import add_up_again, added_up, has_sums, is_marked, is_waiting
from portal.models.figures.school_count import (
    AT_ONCE,
    count_again,
    is_outdated,
    outdated,
    staff_counted,
    students_counted,
    supports_counted,
)
from portal.models.figures.school_snapshot import take_snapshots
from portal.models.rows import batched
from portal.models.students.student import Student


class Difference(NamedTuple):
    """A kept row that is not what counting gives; none where there should be no row, or is no row."""

    #: "school" or "network", and which one.
    noun: str
    id: int
    kept: tuple[Any, ...] | None
    counted: tuple[Any, ...] | None


def keep_up() -> int:
    """Count every school again that has changed, and add up their networks; how many schools there were."""
    waiting = outdated()
    db.session.rollback()
    for some in batched(waiting, AT_ONCE):
        with db.writing():
            count_again(some)
    if is_waiting():
        with db.writing():
            add_up_again()
    return len(waiting)


def note_the_day() -> None:
    """Take today's snapshots, for the trend."""
    keep_up()
    with db.writing():
        take_snapshots()


def differences() -> Iterator[Difference]:
    """Where kept totals differ from a fresh count. What waits to be counted again is passed over."""
    schools = select(School.id).where(~is_outdated(School.id)).order_by(School.id)
    for some in batched(list(db.session.scalars(schools)), AT_ONCE):
        for kept, counted in _of_schools(some):
            yield from _compare("school", kept, counted)
    for kept, added in _of_networks():
        yield from _compare("network", kept, added)


def _of_schools(school_ids: list[int]) -> Iterator[tuple[Any, Any]]:
    """What is kept of these schools and what counting gives, each row beginning with the school's id."""
    totals = SchoolTotals.__table__
    supports = select(SchoolCount.school_id, School.time_zone, SchoolCount.supports_running).join(
        School, School.id == SchoolCount.school_id
    )
    yield (
        select(totals).where(totals.c.school_id.in_(school_ids)),
        students_counted(Student.school_id.in_(school_ids)),
    )
    yield select(StaffCount).where(StaffCount.c.school_id.in_(school_ids)), staff_counted(school_ids)
    yield supports.where(SchoolCount.school_id.in_(school_ids)), supports_counted(school_ids)


def _of_networks() -> Iterator[tuple[Any, Any]]:
    """The same of each network that was added up, from the totals that are kept of its schools."""
    networks = select(Network).where(has_sums(Network.id), ~is_marked(Network.id)).order_by(Network.id)
    for network in db.session.scalars(networks).all():
        yield select(NetworkTotals).where(NetworkTotals.c.network_id == network.id), added_up(network)


def _compare(noun: str, kept_rows: Any, counted_rows: Any) -> Iterator[Difference]:
    kept, counted = (_by_key(db.session.execute(rows)) for rows in (kept_rows, counted_rows))
    for key in sorted({*kept, *counted}):
        if kept.get(key) != counted.get(key):
            yield Difference(noun, key[0], kept.get(key), counted.get(key))


def _by_key(rows: Any) -> dict[tuple[int, str], tuple[Any, ...]]:
    """By school or network, and by grade band where there is one."""
    bands = set(GradeBand)
    return {(row[0], row[1] if row[1] in bands else ""): tuple(row) for row in rows}
