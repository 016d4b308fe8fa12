"""Pages of a list, by statements of a shape: built once, and executed with the values of each request.

To build a statement takes longer than to execute it. So whatever decides how it reads is its shape, which is hashable:
the scopes of whoever asks, the names of the criteria, the order, whether a page came before. The builder has a
`lru_cache` on the shape. All else is a value, and comes as a parameter: see `asked_by` and `Asked`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    ScalarSelect,
    Select,
    String,
    bindparam,
    case,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.sql import visitors

from portal.db import db
from portal.models.rows import fold

_Row = TypeVar("_Row")
_Line = TypeVar("_Line")

#: How many shapes of one list are kept; more are asked for by nobody but those who try.
SHAPES = 128


class Asked(NamedTuple):
    """What somebody asks of a list: the names of its criteria, which are the shape, and the values of parameters."""

    shape: tuple[str, ...]
    values: Mapping[str, Any]


def asked_words(text: str) -> Asked:
    """Return one criterion for each word of `text`; `word_criterion` returns it by its name."""
    values = {f"{_WORD}{place}": anywhere(word) for place, word in enumerate(fold(text).split())}
    return Asked(tuple(values), values)


def anywhere(part: str) -> str:
    """Return the pattern of LIKE, with "/" to escape, for texts that contain `part`."""
    return f"%{part.replace('/', '//').replace('%', '/%').replace('_', '/_')}%"


def word_criterion(column: Any, name: str) -> ColumnElement[bool] | None:
    """Return the criterion that a folded `column` contains the word of that name; None if it is no word's name."""
    if not name.startswith(_WORD):
        return None
    found: ColumnElement[bool] = column.like(bindparam(name, type_=String), escape="/")
    return found


_WORD = "asked_word_"


def with_values(criterion: ColumnElement[bool], values: Mapping[str, Any]) -> ColumnElement[bool]:
    """Return the criterion with values for its parameters, for a statement that is built for one request."""

    def fill(parameter: BindParameter[Any]) -> None:
        if parameter.key in values:
            parameter.value, parameter.required = values[parameter.key], False

    return visitors.cloned_traverse(criterion, {"maintain_key": True}, {"bindparam": fill})


@dataclass(frozen=True, kw_only=True)
class Order:
    """The order of a list. The last of `columns` is the key of the rows.

    `mark` is the public id of a row; `places` selects the columns of any row that the list may hold.
    """

    columns: tuple[Any, ...]
    mark: Any
    places: Select[*tuple[Any, ...]]
    is_descending: bool = False

    @property
    def by(self) -> list[Any]:
        """The columns for ORDER BY."""
        return [column.desc() if self.is_descending else column for column in self.columns]

    @property
    def is_behind(self) -> ColumnElement[bool]:
        """The criterion that a row comes after the one with the public id :after; without such a row, none does."""
        is_marked = self.mark == bindparam("after", type_=String)
        place = self.places.where(is_marked).correlate(None).scalar_subquery()
        here: Any = tuple_(*self.columns)
        behind: ColumnElement[bool] = here < place if self.is_descending else here > place
        return behind


@dataclass(frozen=True)
class Page(Generic[_Row]):
    """A page of a list. The next page begins behind the public id `after`, which is None on the last page.

    `total` is how many rows there are on all pages, where that was asked for.
    """

    lines: Sequence[_Row]
    after: str | None
    total: int = 0

    def of(self, line: Callable[[_Row], _Line]) -> "Page[_Line]":
        """Return the same page, with each row replaced by the result of `line`."""
        return Page([line(row) for row in self.lines], self.after, self.total)


def paged(
    rows: Select[*tuple[Any, ...]],
    is_found: ColumnElement[bool],
    order: Order,
    *,
    size: int,
    is_later: bool = False,
    most_counted: int | None = None,
) -> Select[*tuple[Any, ...]]:
    """Return the statement that `read_page` executes: the first `size` of `rows` found, or of those behind :after.

    `rows` have a column `public_id`. With `most_counted`, a last column says how many are found on all pages;
    counting stops just above that. The rows of the page are found first, by their order, and only they are read.
    """
    found = order.places.where(is_found, *([order.is_behind] if is_later else []))
    page = found.order_by(*order.by).limit(size + 1).cte("page")
    if most_counted is not None:
        rows = rows.add_columns(_total(page, is_found, size=None if is_later else size, most=most_counted))
    return rows.where(order.columns[-1].in_(select(list(page.c)[-1]))).order_by(*order.by)


def read_page(statement: Select[*tuple[Any, ...]], values: Mapping[str, Any], *, size: int) -> Page[Any]:
    """Execute a statement of `paged`. With `most_counted`, the total is the last column of each line, too."""
    db.session.flush()
    rows, has_more = cut(db.session.connection().execute(statement, values).all(), size)
    return Page(rows, rows[-1].public_id if has_more else None, getattr(rows[0], "total", 0) if rows else 0)


def cut(rows: Sequence[_Row], size: int) -> tuple[Sequence[_Row], bool]:
    """Return the first `size` of these rows, and whether there are more; the query has asked for `size + 1`."""
    return rows[:size], len(rows) > size


def _total(page: Any, is_found: ColumnElement[bool], *, size: int | None, most: int) -> Any:
    """Select how many rows are found. A first page that holds fewer than `size` holds them all: nothing is counted."""
    found = select(literal(1)).where(is_found).limit(most + 1).subquery()
    all_of_them = _count(found)
    if size is None:
        return all_of_them.label("total")
    return case((_count(page) <= size, _count(page)), else_=all_of_them).label("total")


def _count(found: Any) -> ScalarSelect[int]:
    return select(func.count()).select_from(found).scalar_subquery()
