"""What is stored, for tests to look at."""

from typing import Any

from sqlalchemy import select

from portal import db
from portal.db import Base


def the(model: Any, source_id: str) -> Any:
    """The row the roster calls so, as it is now."""
    return db.session.scalar(
        select(model).where(model.source_id == source_id).execution_options(populate_existing=True)
    )


def everything() -> dict[str, list[str]]:
    """Every row of every table but the record of events."""
    db.session.rollback()
    return {
        table.name: sorted(map(repr, db.session.execute(select(table)).all()))
        for table in Base.metadata.sorted_tables
        if table.name != "events"
    }
