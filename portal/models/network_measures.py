"""What a network sees of each school, and which numbers are too small to be shown."""

from typing import Any, cast

from sqlalchemy import ColumnElement, Integer, and_, case, exists, func, null, or_, select
from sqlalchemy.orm import aliased

from portal.models.school_totals import GradeBand, SchoolTotals

#: Below this, a number of students may tell who they are.
FEWEST = 5

#: Each a part of the one before: what is left over is as telling as what is counted.
NESTED = ("enrolled", "enabled", "with_one", "with_two")

STUDENT_MEASURES = (*NESTED, "without_point_person", "days_known", "days_absent")


def shown(table: Any, *, suppresses: bool) -> dict[str, ColumnElement[int | None]]:
    """For each measure of `table` (SchoolTotals, SchoolSnapshot) what may be shown: null in place of a small number.

    With the rows of grade bands, a measure that is too small in one band of a school is left out in all of them,
    since the school as a whole less the other bands would give it away.
    """
    columns = {name: getattr(table, name) for name in STUDENT_MEASURES}
    if not suppresses:
        return columns
    return {name: case((_hidden(table, name), null()), else_=column) for name, column in columns.items()}


def added_up(shown_columns: dict[str, ColumnElement[int | None]]) -> list[ColumnElement[int]]:
    """The totals of what is shown: a total that held hidden numbers would give them away too."""
    return [func.coalesce(func.sum(column), 0).cast(Integer) for column in shown_columns.values()]


def _hidden(table: Any, name: str) -> ColumnElement[bool]:
    own = is_small(table, name)
    if table is not SchoolTotals:
        return own
    band = aliased(SchoolTotals)
    elsewhere = exists().where(
        band.school_id == table.school_id,
        band.band != GradeBand.ALL.value,
        band.enrolled > 0,
        is_small(band, name),
    )
    return or_(own, and_(table.band != GradeBand.ALL.value, or_(elsewhere, _leaves_few(table, name))))


def _leaves_few(table: Any, name: str) -> ColumnElement[bool]:
    """Whether the students of no grade are so few that the school less its bands would tell of them."""
    whole, band = aliased(SchoolTotals), aliased(SchoolTotals)
    banded = select(func.coalesce(func.sum(getattr(band, name)), 0)).where(
        band.school_id == table.school_id, band.band != GradeBand.ALL.value
    )
    left = getattr(whole, name) - banded.scalar_subquery()
    of_it = (whole.school_id == table.school_id, whole.band == GradeBand.ALL.value)
    return exists().where(*of_it, left.between(1, FEWEST - 1))


def is_small(table: Any, name: str) -> ColumnElement[bool]:
    """Whether this number, or what it leaves of the number it is a part of, is that of a few students."""
    enrolled = table.enrolled
    if name in ("days_known", "days_absent"):
        return cast("ColumnElement[bool]", enrolled < FEWEST)
    value = getattr(table, name)
    wholes = (
        [getattr(table, whole) for whole in NESTED[: NESTED.index(name)]] if name in NESTED else [enrolled]
    )
    left = ((whole - value).between(1, FEWEST - 1) for whole in wholes)
    return or_(value < FEWEST, *left)
