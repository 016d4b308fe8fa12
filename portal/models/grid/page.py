"""The Data Grid: students of one school in the columns that each person chooses. Two statements a page, three later."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, tuple_

from portal import clock
from portal.db import db
from portal.models.accounts.account import Account
from portal.models.grid.column import COLUMNS
from portal.models.grid.filter import GridFilter
from portal.models.grid.query import lines_of, order_of, place_of
from portal.models.students.student import Student
from portal.policy.permissions import Permission
from portal.text.language import gettext as _

PAGE = 100
#: Counting stops here: beyond it, "10,000+" says enough.
MOST_COUNTED = 10_000


#: A public id, a first name, a family name, and a text for each column.
Line = tuple[str, str, str, list[str]]


class GridPage(NamedTuple):
    """`total` stops just above MOST_COUNTED; `after` leads to the next page, none on the last."""

    lines: list[Line]
    total: int
    after: str | None


def page_of(grid_filter: GridFilter, columns: Sequence[str], *, by: Account) -> GridPage:
    """The page of students in `by`'s reach that `grid_filter` describes, with the values of `columns`."""
    is_found = and_(Student.reachable(by, Permission.VIEW_STUDENT), *grid_filter.criteria())
    counted = select(literal(1)).where(is_found).limit(MOST_COUNTED + 1).subquery()
    total = select(func.count()).select_from(counted).scalar_subquery()
    lines = lines_of((*columns,), grid_filter.sort).add_columns(total).where(is_found)
    if grid_filter.after:
        lines = lines.where(_is_behind(grid_filter))
    rows = db.session.execute(_sorted(lines, grid_filter).limit(PAGE + 1), _asked(grid_filter)).all()
    after = rows[PAGE - 1].public_id if len(rows) > PAGE else None
    lines_in_words = _in_words(rows[:PAGE], [COLUMNS[name].words for name in columns], "–")
    return GridPage(list(lines_in_words), rows[0][-1] if rows else 0, after)


def sheet_of(
    is_chosen: ColumnElement[bool], grid_filter: GridFilter, columns: Sequence[str]
) -> Iterator[list[str]]:
    """A line of titles, then a line for every student that the criterion finds, in the order of `grid_filter`."""
    shown = [COLUMNS[name] for name in columns]
    yield [_("First name"), _("Last name"), *(str(column.label) for column in shown)]
    lines = _sorted(lines_of((*columns,), grid_filter.sort).where(is_chosen), grid_filter)
    writers = [column.cell or column.words for column in shown]
    for _id, first_name, family_name, cells in _in_words(
        db.session.execute(lines, _asked(grid_filter)), writers, ""
    ):
        yield [first_name, family_name, *cells]


def _asked(grid_filter: GridFilter) -> dict[str, Any]:
    school = grid_filter.school
    return {"school_id": school.id, "now": clock.now(), "today": clock.today(school.time_zone)}


def _sorted(lines: Select[Any], grid_filter: GridFilter) -> Select[Any]:
    order = order_of(grid_filter.sort)
    return lines.order_by(*(column.desc() for column in order) if grid_filter.is_descending else order)


def _is_behind(grid_filter: GridFilter) -> ColumnElement[bool]:
    """Behind the student shown last, by their values at this moment; of one who is not there, nothing is behind."""
    is_last = and_(Student.public_id == grid_filter.after, Student.school_id == grid_filter.school.id)
    last = db.session.execute(place_of(grid_filter.sort).where(is_last), _asked(grid_filter)).first()
    order = order_of(grid_filter.sort)
    here = tuple_(*order)
    there = tuple_(*(literal(value, column.type) for value, column in zip(last or (), order, strict=False)))
    return literal(False) if last is None else here < there if grid_filter.is_descending else here > there


def _in_words(rows: Any, writers: Sequence[Callable[[Any], str]], nothing: str) -> Iterator[Line]:
    """Each different value is put into words once."""
    words: list[dict[Any, str]] = [{None: nothing, "": nothing} for _writer in writers]
    for public_id, given_name, preferred_name, family_name, *values in rows:
        cells = []
        for known, write, value in zip(words, writers, values, strict=False):
            if value not in known:
                known[value] = write(value)
            cells.append(known[value])
        yield public_id, preferred_name or given_name, family_name, cells
