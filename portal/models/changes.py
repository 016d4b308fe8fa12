"""What became of a change: whether it was ours that changed a row, and of many rows how many it changed."""

from typing import Any, NamedTuple

from portal.db import db


class Done(NamedTuple):
    """For how many students something changed, and for how many it stood like that already."""

    changed: int
    already: int


def changes_one(statement: Any) -> bool:
    """Execute a conditional UPDATE; whether it found its row as it expected."""
    result: Any = db.session.execute(statement.execution_options(synchronize_session=False))
    return bool(result.rowcount)
