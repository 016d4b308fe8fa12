"""Helpers that all models share: public ids, folded names, statements for many rows."""

import secrets
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from sqlalchemy import (
    ColumnElement,
    String,
    func,
    literal_column,
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
    if text.isascii():
        return " ".join(text.casefold().split())
    return " ".join(" ".join(map(_fold_word, text.split())).split())


@lru_cache(maxsize=20_000)
def _fold_word(word: str) -> str:
    """Fold one word, which may turn out to be several. Kept, because the people of a school share their names."""
    letters = unicodedata.normalize("NFKD", word.casefold().replace("đ", "d").replace("ł", "l"))
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return kept.replace("’", "'")


def batched(rows: Iterable[_Row], size: int = ROWS) -> Iterator[list[_Row]]:
    """Yield `rows` in order, in lists of at most `size`."""
    remaining = iter(rows)
    while chunk := list(islice(remaining, size)):
        yield chunk


def written(constants: Iterable[StrEnum]) -> list[ColumnElement[str]]:
    """Return these as constants of a statement: an IN with parameters is written anew each time it is executed."""
    return [literal_column(f"'{constant.value}'", String) for constant in constants]


class Done(NamedTuple):
    """How many students were changed, and how many had the value already."""

    changed: int
    already: int


def changes_one(statement: Any) -> bool:
    """Execute a conditional UPDATE; return whether it found its row as it expected."""
    result: Any = db.session.execute(statement.execution_options(synchronize_session=False))
    return bool(result.rowcount)
