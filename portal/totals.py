"""What networks see of their schools is kept up to date by the worker, and can be proved right."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import select

from portal import db
from portal.models import GradeBand, School, SchoolCount, SchoolTotals, StaffCount
from portal.models.school_count import (
    AT_ONCE,
    count_again,
    is_outdated,
    outdated,
    staff_counted,
    students_counted,
    supports_counted,
)
from portal.models.school_snapshot import take_snapshots
from portal.models.student import Student


class Difference(NamedTuple):
    """A kept row that is not what counting gives; none where there should be no row, or is no row."""

    school_id: int
    kept: tuple[Any, ...] | None
    counted: tuple[Any, ...] | None


def keep_up() -> int:
    """Count every school again that has changed; how many there were."""
    waiting = outdated()
    db.session.rollback()
    for some in _batches(waiting):
        with db.writing():
            count_again(some)
    return len(waiting)


def note_the_day() -> None:
    """Take today's snapshots, for the trend."""
    keep_up()
    with db.writing():
        take_snapshots()


def differences() -> Iterator[Difference]:
    """Where kept totals differ from a fresh count. Schools that wait to be counted again are passed over."""
    schools = select(School.id).where(~is_outdated(School.id)).order_by(School.id)
    for some in _batches(list(db.session.scalars(schools))):
        for kept, counted in _pairs_of_statements(some):
            yield from _compare(kept, counted)


def _pairs_of_statements(school_ids: list[int]) -> Iterator[tuple[Any, Any]]:
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


def _compare(kept_rows: Any, counted_rows: Any) -> Iterator[Difference]:
    kept, counted = (_by_key(db.session.execute(rows)) for rows in (kept_rows, counted_rows))
    for key in sorted({*kept, *counted}):
        if kept.get(key) != counted.get(key):
            yield Difference(key[0], kept.get(key), counted.get(key))


def _by_key(rows: Any) -> dict[tuple[int, str], tuple[Any, ...]]:
    """By school, and by grade band where there is one."""
    bands = set(GradeBand)
    return {(row[0], row[1] if row[1] in bands else ""): tuple(row) for row in rows}


def _batches(school_ids: list[int]) -> Iterator[list[int]]:
    return (school_ids[first : first + AT_ONCE] for first in range(0, len(school_ids), AT_ONCE))
