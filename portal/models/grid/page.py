"""The Data Grid: students of one school in the columns that each person chooses. Two statements a page."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select

from portal.db import db
from portal.models.accounts.account import Account
from portal.models.grid.column import COLUMNS, HERE, JOINS, NAME
from portal.models.grid.filter import GridFilter, criteria_of
from portal.models.paging import SHAPES, Order, Page, paged, read_page
from portal.models.students.student import Student
from portal.policy.permissions import Permission
from portal.policy.reach import Scopes, asked_by
from portal.text.language import gettext as _

PAGE = 100
#: The greatest number that is counted; beyond it, the page shows "10,000+".
MOST_COUNTED = 10_000


#: A public id, a first name, a family name, and a text for each column.
Line = tuple[str, str, str, list[str]]


def page_of(
    grid_filter: GridFilter, columns: Sequence[str], *, by: Account, counts: bool = True
) -> Page[Line]:
    """Return the page of students in `by`'s reach that `grid_filter` describes, with the values of `columns`.

    `counts` asks for the total of all pages.
    """
    asked, (scopes, asker) = grid_filter.asked, asked_by(by, Permission.VIEW_STUDENT)
    order, is_later = (grid_filter.sort, grid_filter.is_descending), bool(grid_filter.after)
    statement = _pages(scopes, (*columns,), asked.shape, order, is_later=is_later, counts=counts)
    found = read_page(statement, {**asker, **asked.values, "after": grid_filter.after}, size=PAGE)
    lines = _in_words(found.lines, [COLUMNS[name].words for name in columns], "–")
    return replace(found, lines=list(lines))


@lru_cache(maxsize=SHAPES)
def _pages(
    scopes: Scopes,
    columns: tuple[str, ...],
    shape: tuple[str, ...],
    order: tuple[str, bool],
    *,
    is_later: bool,
    counts: bool,
) -> Select[Any]:
    is_found = and_(Student.reachable_by_asker(scopes), *criteria_of(shape))
    most = MOST_COUNTED if counts else None
    rows = _lines_of(columns, order[0])
    return paged(
        rows,
        is_found,
        _order(order[0], is_descending=order[1]),
        size=PAGE,
        is_later=is_later,
        most_counted=most,
    )


def sheet_of(
    is_chosen: ColumnElement[bool], grid_filter: GridFilter, columns: Sequence[str]
) -> Iterator[list[str]]:
    """Yield the column titles, then a line for every student that is chosen, in the order of `grid_filter`."""
    shown = [COLUMNS[name] for name in columns]
    yield [_("First name"), _("Last name"), *(str(column.label) for column in shown)]
    order = _order(grid_filter.sort, is_descending=grid_filter.is_descending)
    lines = _lines_of((*columns,), grid_filter.sort).where(is_chosen).order_by(*order.by)
    writers = [column.cell or column.words for column in shown]
    for _id, first_name, family_name, cells in _in_words(
        db.session.execute(lines, grid_filter.asked.values), writers, ""
    ):
        yield [first_name, family_name, *cells]


def joined(rows: Select[Any], columns: Iterable[str]) -> Select[Any]:
    """Return `rows` joined with the tables that these columns come from."""
    rows = rows.select_from(Student)
    needed = dict.fromkeys(name for each in columns if each in COLUMNS for name in COLUMNS[each].joins)
    for name in needed:
        rows = rows.outerjoin(*JOINS[name])
    return rows


@cache
def _order(sort: str, *, is_descending: bool) -> Order:
    return Order(
        columns=_order_of(sort),
        mark=Student.public_id,
        places=_place_of(sort).where(Student.school_id == HERE),
        is_descending=is_descending,
    )


def _in_words(rows: Any, writers: Sequence[Callable[[Any], str]], nothing: str) -> Iterator[Line]:
    """Yield the lines with values as text. Each different value is formatted once; a missing one becomes `nothing`."""
    words: list[dict[Any, str]] = [{None: nothing, "": nothing} for _writer in writers]
    for public_id, first_name, family_name, *values in rows:
        cells = []
        for known, write, value in zip(words, writers, values, strict=False):  # the total comes after them
            if value not in known:
                known[value] = write(value)
            cells.append(known[value])
        yield public_id, first_name, family_name, cells


def _order_of(sort: str) -> tuple[Any, ...]:
    """Return the columns to order by: that column, then the name, then the id."""
    by_name = (Student.sort_key, Student.id)
    return by_name if sort == NAME.name else (COLUMNS[sort].order, *by_name)


@cache
def _lines_of(columns: tuple[str, ...], sort: str) -> Select[Any]:
    """Select the id and names of students, then the values of `columns`. Takes :school_id, :now and :today."""
    rows = select(*_ALWAYS, *(COLUMNS[name].value.label(f"c_{name}") for name in columns))
    return joined(rows, [*columns, sort])


@cache
def _place_of(sort: str) -> Select[Any]:
    """Select the sort values of students in a list sorted by that column. Takes the same parameters."""
    return joined(select(*_order_of(sort)), [sort])


_ALWAYS = (Student.public_id, Student.first_name, Student.family_name)
