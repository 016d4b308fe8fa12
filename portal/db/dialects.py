"""What is written in another way on each database. Apart so that the dialect that is not used is not loaded."""

from importlib import import_module
from typing import Any

from sqlalchemy import Index, TextClause

from portal.db import db


def insert(table: Any) -> Any:
    """Return an INSERT into `table` that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return import_module(f"sqlalchemy.dialects.{db.engine.dialect.name}").insert(table)


def has_one_writer() -> bool:
    """Whether one write transaction runs at a time, from its first read on, as on SQLite: rows need no locks there."""
    return bool(db.engine.dialect.name == "sqlite")


def partial_index(name: str, *columns: str, where: TextClause, unique: bool = False) -> Index:
    """Describe an index of the rows for which `where` holds.

    Migrations make it, on both databases. Here `where` is said to SQLite only: PostgreSQL's would load its dialect.
    """
    return Index(name, *columns, unique=unique, sqlite_where=where)
