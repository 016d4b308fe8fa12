"""What every table of ours shares: public ids, folded names, pages of a list, statements for many rows."""

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

#: Rows that one statement takes along: enough that the number of statements no longer matters.
ROWS = 5_000

#: `self.ended_at == NEVER` is a criterion in Python and in SQL alike, where it says IS NULL.
NEVER: Final = None

_Row = TypeVar("_Row")
_Line = TypeVar("_Line")


def new_public_id() -> str:
    """128 random bits as text for URLs: the integers stay inside."""
    return secrets.token_urlsafe(16)


class PubliclyNamed:
    """A row that stands in URLs."""

    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)


class Endable:
    """A row that is ended rather than deleted: `ended_at` is the moment."""

    if TYPE_CHECKING:
        ended_at: Mapped[datetime | None]

    @hybrid_method
    def is_current(self) -> bool:
        """Whether it has not ended; of the class or an alias, the criterion."""
        return self.ended_at == NEVER


class PersonName:
    """Somebody with a given name, and a family name that is empty for people with a single name."""

    if TYPE_CHECKING:
        given_name: Mapped[str]
        family_name: Mapped[str]

    @hybrid_property
    def first_name(self) -> str:
        """What they are called by, of a row and in SQL."""
        return self.given_name

    @hybrid_property
    def name(self) -> str:
        """The full name, of a row and in SQL."""
        return full_name(self.first_name, self.family_name)

    @name.inplace.expression
    @classmethod
    def _name(cls) -> ColumnElement[str]:
        return func.trim(cls.first_name + _BLANK + cls.family_name)


#: Written out rather than a parameter: PostgreSQL takes an expression with two of them for two expressions.
_BLANK: ColumnElement[str] = literal_column("' '", String)


def fold(text: str) -> str:
    """`text` as search and sorting compare it: no case, no accents, single spaces."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d").replace("ł", "l"))
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(kept.replace("’", "'").split())


def batched(rows: Iterable[_Row], size: int = ROWS) -> Iterator[list[_Row]]:
    """Take `rows` in order, at most `size` at a time."""
    remaining = iter(rows)
    while chunk := list(islice(remaining, size)):
        yield chunk


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a list is ordered by: `columns`, the last of which differs from row to row.

    `mark` is the public id of a row; `places` selects the columns of any row that the list may hold.
    """

    columns: tuple[Any, ...]
    mark: Any
    places: Select[*tuple[Any, ...]]
    is_descending: bool = False

    @property
    def by(self) -> Iterator[Any]:
        """The columns as ORDER BY takes them."""
        return (column.desc() if self.is_descending else column for column in self.columns)

    def is_behind(self, mark: str) -> ColumnElement[bool]:
        """Whether a row comes after the one with that public id; nothing comes after a row that is not there."""
        place = self.places.where(self.mark == mark).correlate(None).scalar_subquery()
        here: Any = tuple_(*self.columns)
        behind: ColumnElement[bool] = here < place if self.is_descending else here > place
        return behind


@dataclass(frozen=True)
class Page(Generic[_Row]):
    """Some rows of a list. `after` is the public id that the next page begins behind, none on the last one.

    `total` is how many rows there are on all pages, where that was asked for.
    """

    lines: Sequence[_Row]
    after: str | None
    total: int = 0

    def of(self, line: Callable[[_Row], _Line]) -> "Page[_Line]":
        """The same page with what `line` makes of each row."""
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
    """The first `size` of rows that were asked for with one more, and whether that one was there."""
    return rows[:size], len(rows) > size


def counted(is_found: ColumnElement[bool], *, most: int) -> ScalarSelect[int]:
    """How many rows a criterion finds. Counting stops just above `most`: beyond it, "1,000+" says enough."""
    found = select(literal(1)).where(is_found).limit(most + 1).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


class Done(NamedTuple):
    """For how many students something changed, and for how many it stood like that already."""

    changed: int
    already: int


def changes_one(statement: Any) -> bool:
    """Execute a conditional UPDATE; return whether it found its row as it expected."""
    result: Any = db.session.execute(statement.execution_options(synchronize_session=False))
    return bool(result.rowcount)
