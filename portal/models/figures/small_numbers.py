"""What a network sees of each school, and which numbers are too small to be shown.

A number is small when it counts fewer than five students, or leaves fewer than five of what it is a part of. What
would give a small one away is left out with it: see decision 17.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, exists, func, null, or_
from sqlalchemy.orm import aliased

from portal.models.figures.school_totals import GradeBand, SchoolTotals

#: Below this, a number of students may tell who they are.
FEWEST = 5

#: Each a part of the one before: what is left over is as telling as what is counted.
NESTED = ("enrolled", "enabled", "with_one", "with_two")

STUDENT_MEASURES = (*NESTED, "without_point_person", "days_known", "days_absent")


def shown(
    table: Any, *, suppresses: bool, measures: Sequence[str] = STUDENT_MEASURES
) -> dict[str, ColumnElement[int | None]]:
    """For each of `measures` of `table` (SchoolTotals, SchoolSnapshot) what may be shown: null in place of the rest.

    With the rows of grade bands, a measure that is too small in one band of a school is left out in all of them,
    since the school as a whole less the other bands would give it away.
    """
    columns = {name: getattr(table, name) for name in measures}
    if not suppresses:
        return columns
    return {name: case((_hidden(table, name), null()), else_=column) for name, column in columns.items()}


def added_up(shown_columns: dict[str, ColumnElement[int | None]]) -> list[ColumnElement[int | None]]:
    """The totals of what is shown, which hold no hidden number; none where nothing is."""
    return [func.sum(column).cast(Integer) for column in shown_columns.values()]


def _hidden(table: Any, name: str) -> ColumnElement[bool]:
    own = _is_hidden_by_itself(table, name)
    if table is not SchoolTotals:
        return own
    band = aliased(SchoolTotals)
    elsewhere = exists().where(
        band.school_id == table.school_id,
        band.band != GradeBand.ALL.value,
        _is_hidden_by_itself(band, name),
    )
    return or_(own, and_(table.band != GradeBand.ALL.value, elsewhere))


def _is_hidden_by_itself(table: Any, name: str) -> ColumnElement[bool]:
    """Whether this number of a row is too small, or one that it is a part of is: between them, they would tell it."""
    if name in ("days_known", "days_absent"):
        few: ColumnElement[bool] = table.students_known.between(1, FEWEST - 1)
        return few
    if name not in NESTED:
        return _is_small(getattr(table, name), [table.enrolled])
    chain = [getattr(table, each) for each in NESTED[: NESTED.index(name) + 1]]
    return or_(*(_is_small(value, chain[:place]) for place, value in enumerate(chain)))


def _is_small(value: Any, wholes: Sequence[Any]) -> ColumnElement[bool]:
    return or_(value < FEWEST, *((whole - value).between(1, FEWEST - 1) for whole in wholes))
