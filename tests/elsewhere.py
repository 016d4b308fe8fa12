"""Somebody else's connection to the database: sees only what is committed, and never waits for a lock."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, NullPool, create_engine, text

from portal import db

#: What each driver is told so that a lock in the way is an error at once (milliseconds on PostgreSQL).
IMPATIENT: dict[str, dict[str, Any]] = {
    "sqlite": {"timeout": 0},
    "postgresql": {"options": "-c lock_timeout=50"},
}


@contextmanager
def connection() -> Iterator[Connection]:
    """In a transaction that commits at the end."""
    url = db.db.engine.url
    engine = create_engine(url, poolclass=NullPool, connect_args=IMPATIENT[url.get_backend_name()])
    with engine.begin() as other:
        yield other


def read(statement: str, **values: Any) -> Any:
    """The first column of the first row, as it is stored."""
    with connection() as other:
        return other.execute(text(statement), values).scalar()


def write(statement: str, **values: Any) -> None:
    with connection() as other:
        other.execute(text(statement), values)
