"""Set up the connections of the reading and the writing engine, on SQLite and PostgreSQL."""

import os
from functools import partial

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from portal.db.local_time import local_date

#: The settings of every SQLite connection. With synchronous=FULL, what is committed is on the disk.
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=15000",
    "trusted_schema=OFF",
    "recursive_triggers=ON",  # else INSERT OR REPLACE would bypass the triggers that protect events
    "secure_delete=ON",
    "mmap_size=0",
    "cache_size=-20000",
    "temp_store=MEMORY",
)

#: With NORMAL it is not yet on the disk. That is seen to by whoever commits, after the next writer was let in.
PRAGMAS_FOR_WRITING = ("synchronous=NORMAL",)
PRAGMAS_FOR_READING = ("query_only=ON",)


def prepare(engine: Engine, *, is_reading: bool) -> None:
    """Set up a new engine and its connections; those of the reading one cannot write."""
    engine.hide_parameters = True  # so that error messages in the log hold no names, emails or hashes
    # A connection must not be used on both sides of a fork, such as that of a preloading web server.
    os.register_at_fork(after_in_child=partial(engine.dispose, close=False))
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine, is_reading=is_reading)
    else:
        event.listen(engine, "connect", _switch_off_jit)
        event.listen(engine, "connect", _make_read_only if is_reading else _make_durable)


def _prepare_sqlite(engine: Engine, *, is_reading: bool) -> None:
    begin = "BEGIN DEFERRED" if is_reading else "BEGIN IMMEDIATE"

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        for pragma in (*PRAGMAS, *(PRAGMAS_FOR_READING if is_reading else PRAGMAS_FOR_WRITING)):
            connection.execute(f"PRAGMA {pragma}")
        connection.create_function("local_date", 2, local_date, deterministic=True)

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


def _switch_off_jit(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    """Switch off PostgreSQL's just-in-time compiler, which takes seconds for statements that run milliseconds."""
    connection.execute("SET jit TO off")
    connection.commit()


def _make_read_only(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.read_only = True


def _make_durable(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    """Let a commit return only when the disk has it, whatever the server's default is."""
    connection.execute("SET synchronous_commit TO on")
    connection.commit()
