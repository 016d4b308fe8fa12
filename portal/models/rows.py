"""Helpers that all models share: public ids, folded names, pages of a list, statements for many rows."""

import secrets
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    String,
    func,
    literal,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.ext.hybrid import hybrid_method, hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import db
from portal.text.names import full_name

#: How many rows one statement writes: enough that the number of statements does not matter.
ROWS = 5_000

#: `self.ended_at == NEVER` works in Python, and in SQL, where it becomes IS NULL.
NEVER: Final = None

_Row = TypeVar("_Row")
_Line = TypeVar("_Line")


def new_public_id() -> str:
    """Return 128 random bits as text for URLs, which never contain the integer ids."""
    return secrets.token_urlsafe(16)


class PubliclyNamed:
    """A row with a public id for URLs."""

    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)


class Endable:
    """A row that is ended at the moment `ended_at` and never deleted."""

    if TYPE_CHECKING:
        ended_at: Mapped[datetime | None]

    @hybrid_method
    def is_current(self) -> bool:
        """Return whether it has not ended; of the class or an alias, the criterion."""
        return self.ended_at == NEVER


class PersonName:
    """Somebody with a given name, and a family name that is empty for people with a single name."""

    if TYPE_CHECKING:
        given_name: Mapped[str]
        family_name: Mapped[str]

    @hybrid_property
    def first_name(self) -> str:
        """The name to call the person by, of a row and in SQL."""
        return self.given_name

    @hybrid_property
    def name(self) -> str:
        """The full name, of a row and in SQL."""
        return full_name(self.first_name, self.family_name)

    @name.inplace.expression
    @classmethod
    def _name(cls) -> ColumnElement[str]:
        return func.trim(cls.first_name + _BLANK + cls.family_name)


#: A literal, because PostgreSQL takes two expressions with different parameters for different expressions.
_BLANK: ColumnElement[str] = literal_column("' '", String)


def fold(text: str) -> str:
    """Return `text` as search and sorting compare it: without case and accents, with single spaces."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d").replace("ł", "l"))
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(kept.replace("’", "'").split())


def batched(rows: Iterable[_Row], size: int = ROWS) -> Iterator[list[_Row]]:
    """Yield `rows` in order, in lists of at most `size`."""
    remaining = iter(rows)
    while chunk := list(islice(remaining, size)):
        yield chunk


@dataclass(frozen=True, kw_only=True)
class Order:
    """The order of a list. The last of `columns` is unique.

    `mark` is the public id of a row; `places` selects the columns of any row that the list may hold.
    """

    columns: tuple[Any, ...]
    mark: Any
    places: Select[*tuple[Any, ...]]
    is_descending: bool = False

    @property
    def by(self) -> Iterator[Any]:
        """The columns for ORDER BY."""
        return (column.desc() if self.is_descending else column for column in self.columns)

    def is_behind(self, mark: str) -> ColumnElement[bool]:
        """Return the criterion that a row comes after the one with that public id; without such a row, none does."""
        place = self.places.where(self.mark == mark).correlate(None).scalar_subquery()
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


def page(
    rows: Select[*tuple[Any, ...]],
    order: Order,
    *,
    after: str,
    size: int,
    total: ScalarSelect[int] | None = None,
    params: Mapping[str, Any] | None = None,
) -> Page[Any]:
    """Read the first `size` of `rows` behind the one with the public id `after`; of all when that is "".

    `rows` have a column `public_id`. With `total`, as `counted` makes it, that is the last column of each line.
    One statement.
    """
    if total is not None:
        rows = rows.add_columns(total)
    if after:
        rows = rows.where(order.is_behind(after))
    db.session.flush()
    found = db.session.connection().execute(rows.order_by(*order.by).limit(size + 1), params or {}).all()
    lines, has_more = cut(found, size)
    known_total = lines[0][-1] if lines and total is not None else 0
    return Page(lines, lines[-1].public_id if has_more else None, known_total)


def cut(rows: Sequence[_Row], size: int) -> tuple[Sequence[_Row], bool]:
    """Return the first `size` of these rows, and whether there are more; the query has asked for `size + 1`."""
    return rows[:size], len(rows) > size


def counted(is_found: ColumnElement[bool], *, most: int) -> ScalarSelect[int]:
    """Select how many rows a criterion finds. Counting stops just above `most`, for a page that shows "1,000+"."""
    found = select(literal(1)).where(is_found).limit(most + 1).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


class Done(NamedTuple):
    """How many students were changed, and how many had the value already."""

    changed: int
    already: int


def changes_one(statement: Any) -> bool:
    """Execute a conditional UPDATE; return whether it found its row as it expected."""
    result: Any = db.session.execute(statement.execution_options(synchronize_session=False))
    return bool(result.rowcount)
