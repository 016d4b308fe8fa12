"""Runs migrations with the application's own engine and models: all that are pending, or none."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context, op
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from portal.db import UtcDateTime, db


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations name the database's types, not ours: they outlive our modules."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def is_of_this_database(item: Any, *_rest: Any) -> bool:
    """Whether the models have this table, column or index on this database: some indexes are for one kind only."""
    kinds: tuple[str, ...] = item.info.get("databases", (context.get_bind().dialect.name,))
    return context.get_bind().dialect.name in kinds


def run() -> None:
    with db.engine.connect() as connection, references_unchecked(connection):
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=render_item,
            include_object=is_of_this_database,
            transactional_ddl=True,
            on_version_apply=refuse_broken_references,
        )
        with context.begin_transaction():
            context.run_migrations()


@contextmanager
def references_unchecked(connection: Connection) -> Iterator[None]:
    """On SQLite, let a table be rebuilt: it is dropped for a moment, and what refers to it must not notice.

    The setting has no effect inside a transaction, so it goes to the driver before one begins.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def refuse_broken_references(ctx: MigrationContext, **_rest: Any) -> None:
    """On SQLite, check after each revision what was left unchecked in it."""
    if ctx.dialect.name == "sqlite":
        broken = op.get_bind().exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"A migration would leave rows that refer to nothing: {broken[:5]}")


run()
