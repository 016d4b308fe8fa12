"""The Data Grid: students of one school in the columns that each person chooses. Two statements a page."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, and_

from portal import clock
from portal.db import db
from portal.models.accounts.account import Account
from portal.models.grid.column import COLUMNS
from portal.models.grid.filter import GridFilter
from portal.models.grid.query import lines_of, order_of, place_of
from portal.models.rows import Order, Page, counted, page
from portal.models.students.student import Student
from portal.policy.permissions import Permission
from portal.text.language import gettext as _

PAGE = 100
#: Counting stops here: beyond it, "10,000+" says enough.
MOST_COUNTED = 10_000


#: A public id, a first name, a family name, and a text for each column.
Line = tuple[str, str, str, list[str]]


def page_of(grid_filter: GridFilter, columns: Sequence[str], *, by: Account) -> Page[Line]:
    """The page of students in `by`'s reach that `grid_filter` describes, with the values of `columns`."""
    is_found = and_(Student.reachable(by, Permission.VIEW_STUDENT), *grid_filter.criteria())
    found = page(
        lines_of((*columns,), grid_filter.sort).where(is_found),
        _order(grid_filter),
        after=grid_filter.after,
        size=PAGE,
        total=counted(is_found, most=MOST_COUNTED),
        params=_asked(grid_filter),
    )
    lines = _in_words(found.lines, [COLUMNS[name].words for name in columns], "–")
    return replace(found, lines=list(lines))


def sheet_of(
    is_chosen: ColumnElement[bool], grid_filter: GridFilter, columns: Sequence[str]
) -> Iterator[list[str]]:
    """A line of titles, then a line for every student that the criterion finds, in the order of `grid_filter`."""
    shown = [COLUMNS[name] for name in columns]
    yield [_("First name"), _("Last name"), *(str(column.label) for column in shown)]
    lines = lines_of((*columns,), grid_filter.sort).where(is_chosen).order_by(*_order(grid_filter).by)
    writers = [column.cell or column.words for column in shown]
    for _id, first_name, family_name, cells in _in_words(
        db.session.execute(lines, _asked(grid_filter)), writers, ""
    ):
        yield [first_name, family_name, *cells]


def _asked(grid_filter: GridFilter) -> dict[str, Any]:
    school = grid_filter.school
    return {"school_id": school.id, "now": clock.now(), "today": clock.today(school.time_zone)}


def _order(grid_filter: GridFilter) -> Order:
    return Order(
        columns=order_of(grid_filter.sort),
        mark=Student.public_id,
        places=place_of(grid_filter.sort).where(Student.school_id == grid_filter.school.id),
        is_descending=grid_filter.is_descending,
    )


def _in_words(rows: Any, writers: Sequence[Callable[[Any], str]], nothing: str) -> Iterator[Line]:
    """Each different value is put into words once."""
    words: list[dict[Any, str]] = [{None: nothing, "": nothing} for _writer in writers]
    for public_id, first_name, family_name, *values in rows:
        cells = []
        for known, write, value in zip(words, writers, values, strict=False):
            if value not in known:
                known[value] = write(value)
            cells.append(known[value])
        yield public_id, first_name, family_name, cells
