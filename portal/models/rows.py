"""What every table of ours shares: public ids, folded names, statements for many rows, conditional changes."""

import secrets
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import db

#: Rows that one statement takes along: enough that the number of statements no longer matters.
ROWS = 5_000

_Row = TypeVar("_Row")


def new_public_id() -> str:
    """128 random bits as text for URLs: the integers stay inside."""
    return secrets.token_urlsafe(16)


class PubliclyNamed:
    """A row that stands in URLs."""

    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)


def fold(text: str) -> str:
    """`text` as search and sorting compare it: no case, no accents, single spaces."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d").replace("ł", "l"))
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(kept.replace("’", "'").split())


def batched(rows: Iterable[_Row], size: int = ROWS) -> Iterator[list[_Row]]:
    """Take `rows` in order, at most `size` at a time."""
    remaining = iter(rows)
    while some := list(islice(remaining, size)):
        yield some


class Done(NamedTuple):
    """For how many students something changed, and for how many it stood like that already."""

    changed: int
    already: int


def changes_one(statement: Any) -> bool:
    """Execute a conditional UPDATE; return whether it found its row as it expected."""
    result: Any = db.session.execute(statement.execution_options(synchronize_session=False))
    return bool(result.rowcount)
