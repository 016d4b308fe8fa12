"""Races settled by the database: a conditional UPDATE, and whether it was ours that changed the row."""

from typing import Any

from portal.db import db


def changes_one(statement: Any) -> bool:
    """Execute a conditional UPDATE; whether it found its row as it expected."""
    result: Any = db.session.execute(statement.execution_options(synchronize_session=False))
    return bool(result.rowcount)
