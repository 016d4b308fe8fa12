"""Leave out numbers of students that are too small to be shown to a network (decision 17).

A number is small when it counts fewer than five students, or all but fewer than five of those it is a part of. Other
numbers from which a small one could be worked out are left out with it.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, exists, func, null, or_
from sqlalchemy.orm import aliased

from portal.models.figures.school_totals import GradeBand, SchoolTotals

#: The least number of students that may be shown: a smaller one may identify them.
FEWEST = 5

#: Each measure counts a part of the one before it, so the difference of two must not be small either.
NESTED = ("enrolled", "enabled", "with_one", "with_two")

STUDENT_MEASURES = (*NESTED, "without_point_person", "days_known", "days_absent")


def shown_columns(
    table: Any, *, suppresses: bool, measures: Sequence[str] = STUDENT_MEASURES
) -> dict[str, ColumnElement[int | None]]:
    """Return the columns of `measures` in `table` (SchoolTotals, SchoolSnapshot), with NULL for hidden numbers.

    A measure that is too small in one grade band of a school is hidden in all of its bands, because it could be
    worked out from the whole school and the other bands.
    """
    columns = {name: getattr(table, name) for name in measures}
    if not suppresses:
        return columns
    return {name: case((_is_hidden(table, name), null()), else_=column) for name, column in columns.items()}


def sum_columns(shown: dict[str, ColumnElement[int | None]]) -> list[ColumnElement[int | None]]:
    """Return the sum of each shown column, without hidden numbers; NULL where all are hidden."""
    return [func.sum(column).cast(Integer) for column in shown.values()]


def _is_hidden(table: Any, name: str) -> ColumnElement[bool]:
    """Select whether this number is hidden, for its size or for its size in another band of the school."""
    is_hidden_here = _is_hidden_by_itself(table, name)
    if table is not SchoolTotals:
        return is_hidden_here
    band = aliased(SchoolTotals)
    elsewhere = exists().where(
        band.school_id == table.school_id,
        band.band != GradeBand.ALL.value,
        _is_hidden_by_itself(band, name),
    )
    return or_(is_hidden_here, and_(table.band != GradeBand.ALL.value, elsewhere))


def _is_hidden_by_itself(table: Any, name: str) -> ColumnElement[bool]:
    """Select whether this number of a row, or one that it is a part of, is too small."""
    if name in ("days_known", "days_absent"):
        few: ColumnElement[bool] = table.students_known.between(1, FEWEST - 1)
        return few
    if name not in NESTED:
        return _is_small(getattr(table, name), [table.enrolled])
    chain = [getattr(table, each) for each in NESTED[: NESTED.index(name) + 1]]
    return or_(*(_is_small(value, chain[:place]) for place, value in enumerate(chain)))


def _is_small(value: Any, wholes: Sequence[Any]) -> ColumnElement[bool]:
    return or_(value < FEWEST, *((whole - value).between(1, FEWEST - 1) for whole in wholes))
