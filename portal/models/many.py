"""Writing many rows: a few thousand to a statement."""

from collections.abc import Iterator
from typing import TypeVar

#: Rows that one statement takes along: enough that the number of statements no longer matters.
ROWS = 5_000

_Row = TypeVar("_Row")


def batched(rows: list[_Row]) -> Iterator[list[_Row]]:
    """`rows` in order, at most ROWS at a time."""
    return (rows[start : start + ROWS] for start in range(0, len(rows), ROWS))
