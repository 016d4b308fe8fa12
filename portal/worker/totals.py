"""Keep the totals that networks see up to date, take daily snapshots, and compare what is kept with a fresh count."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import select

from portal import db
from portal.models import GradeBand, Network, NetworkTotals, School, SchoolCount, SchoolTotals, StaffCount
from portal.models.figures import network_count, school_count
from portal.models.figures.school_snapshot import take_snapshots
from portal.models.rows import batched
from portal.models.students.student import Student


class Difference(NamedTuple):
    """A row whose kept figures differ from a fresh count.

    `kept` is None when a row is missing, `counted` when one is left over.
    """

    #: "school" or "network", and which one.
    noun: str
    id: int
    kept: tuple[Any, ...] | None
    counted: tuple[Any, ...] | None


def recount_changed() -> int:
    """Recount every school that changed, and add up its networks again. Return how many schools were recounted."""
    waiting = school_count.outdated()
    db.session.rollback()
    for school_ids in batched(waiting, school_count.AT_ONCE):
        with db.writing():
            school_count.count_again(school_ids)
    if network_count.needs_adding_up():
        with db.writing():
            network_count.add_up_again()
    return len(waiting)


def take_daily_snapshots() -> None:
    """Take today's snapshots, for the trend."""
    recount_changed()
    with db.writing():
        take_snapshots()


def differences() -> Iterator[Difference]:
    """Yield each row whose kept totals differ from a fresh count. Skip schools and networks that wait for a recount."""
    schools = select(School.id).where(~school_count.is_outdated(School.id)).order_by(School.id)
    for school_ids in batched(list(db.session.scalars(schools)), school_count.AT_ONCE):
        for kept, counted in _statements_for_schools(school_ids):
            yield from _compare("school", kept, counted)
    for kept, added in _statements_for_networks():
        yield from _compare("network", kept, added)


def _statements_for_schools(school_ids: list[int]) -> Iterator[tuple[Any, Any]]:
    """Yield pairs of statements: the kept rows of these schools, and the counted ones.

    Each row begins with the school's id.
    """
    totals = SchoolTotals.__table__
    supports = select(SchoolCount.school_id, School.time_zone, SchoolCount.supports_running).join(
        School, School.id == SchoolCount.school_id
    )
    yield (
        select(totals).where(totals.c.school_id.in_(school_ids)),
        school_count.students_counted(Student.school_id.in_(school_ids)),
    )
    yield (
        select(StaffCount).where(StaffCount.c.school_id.in_(school_ids)),
        school_count.staff_counted(school_ids),
    )
    yield supports.where(SchoolCount.school_id.in_(school_ids)), school_count.supports_counted(school_ids)


def _statements_for_networks() -> Iterator[tuple[Any, Any]]:
    """Yield the same pair for each network that has sums: its kept row, and the sum of its schools' kept totals."""
    networks = (
        select(Network)
        .where(network_count.has_sums(Network.id), ~network_count.network_has_changed(Network.id))
        .order_by(Network.id)
    )
    for network in db.session.scalars(networks).all():
        yield (
            select(NetworkTotals).where(NetworkTotals.c.network_id == network.id),
            network_count.select_totals(network),
        )


def _compare(noun: str, kept_rows: Any, counted_rows: Any) -> Iterator[Difference]:
    kept = _by_key(db.session.execute(kept_rows))
    counted = _by_key(db.session.execute(counted_rows))
    for key in sorted({*kept, *counted}):
        if kept.get(key) != counted.get(key):
            yield Difference(noun, key[0], kept.get(key), counted.get(key))


def _by_key(rows: Any) -> dict[tuple[int, str], tuple[Any, ...]]:
    """Return the rows by the id of their school or network, and by grade band where there is one."""
    bands = set(GradeBand)
    return {(row[0], row[1] if row[1] in bands else ""): tuple(row) for row in rows}
