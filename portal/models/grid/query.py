"""How the Data Grid asks the database: the columns that are shown, and the one it is sorted by."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Select, select

from portal.models.grid.column import COLUMNS, JOINS, NAME
from portal.models.students.student import Student

_ALWAYS = (Student.public_id, Student.first_name, Student.family_name)


def order_of(sort: str) -> tuple[Any, ...]:
    """What a list sorted by that column is ordered by: among equals by name, at last by id."""
    by_name = (Student.sort_key, Student.id)
    return by_name if sort == NAME.name else (COLUMNS[sort].order, *by_name)


@cache
def lines_of(columns: tuple[str, ...], sort: str) -> Select[Any]:
    """Select the id and names of students, then the values of `columns`. Takes :school_id, :now and :today."""
    rows = select(*_ALWAYS, *(COLUMNS[name].value.label(f"c_{name}") for name in columns))
    return joined(rows, [*columns, sort])


@cache
def place_of(sort: str) -> Select[Any]:
    """Select what a student has in the order of a list sorted by that column. Takes the same."""
    return joined(select(*order_of(sort)), [sort])


def joined(rows: Select[Any], columns: Iterable[str]) -> Select[Any]:
    """`rows`, with the tables that these columns stand in."""
    rows = rows.select_from(Student)
    needed = dict.fromkeys(name for each in columns if each in COLUMNS for name in COLUMNS[each].joins)
    for name in needed:
        rows = rows.outerjoin(*JOINS[name])
    return rows
