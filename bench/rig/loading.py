"""Put many rows into tables by the driver itself: executemany on SQLite, COPY on PostgreSQL. Triggers fire."""

import json
import random
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Table, create_engine

from portal.db import db
from portal.models import Student

Row = tuple[Any, ...]

#: How many rows are committed together: pages of an index into which many rows go are written once.
COMMITTED = 300_000

TABLES = Student.metadata.tables


class Loader:
    """Puts rows into the tables of one database."""

    def __init__(self, connection: Any, *, is_sqlite: bool) -> None:
        self._connection, self._is_sqlite = connection, is_sqlite
        self._chance, self._uncommitted = random.Random(7), 0

    def put(self, name: str, columns: str, rows: Iterable[Row]) -> None:
        """Put `rows` into the table `name`. `columns` names what a row holds.

        Columns that this version does not have are left out; those that may not be empty get their default.
        """
        table = TABLES[name]
        asked = columns.split()
        known = [place for place, column in enumerate(asked) if column in table.c]
        if len(known) < len(asked):
            rows = (tuple(row[place] for place in known) for row in rows)
        further = [column for column in table.c if column.name not in asked and _needs_value(column)]
        names = [*(asked[place] for place in known), *(column.name for column in further)]
        self._write(table, names, self._completed(rows, further))

    def count_on(self) -> None:
        """Let the database number new rows behind those that were put, and look at what there is."""
        self._connection.commit()
        if not self._is_sqlite:
            for table in TABLES.values():
                if "id" in table.c:
                    self._connection.execute(
                        f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM {table.name}"
                    )
        self._connection.execute("ANALYZE")
        self._connection.commit()
        if self._is_sqlite:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _completed(self, rows: Iterable[Row], further: list[Column[Any]]) -> Iterable[Row]:
        if [column.name for column in further] == ["public_id"]:
            return ((*row, self._public_id()) for row in rows)
        if not further:
            return rows
        values = [None if column.name == "public_id" else _default(column) for column in further]
        return ((*row, *(self._public_id() if value is None else value for value in values)) for row in rows)

    def _public_id(self) -> str:
        return urlsafe_b64encode(self._chance.randbytes(16)).decode().rstrip("=")

    def _write(self, table: Table, columns: list[str], rows: Iterable[Row]) -> None:
        names = ", ".join(columns)
        if self._is_sqlite:
            places = ", ".join("?" * len(columns))
            if not self._connection.in_transaction:
                self._connection.execute("BEGIN IMMEDIATE")
            insert = f"INSERT INTO {table.name} ({names}) VALUES ({places})"
            self._uncommitted += self._connection.executemany(insert, rows).rowcount
        else:
            with self._connection.cursor().copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        if self._uncommitted > COMMITTED:
            self._connection.commit()
            self._uncommitted = 0


@contextmanager
def loading() -> Iterator[Loader]:
    """A Loader for the database of the portal whose context is open."""
    engine = create_engine(db.engine.url)
    is_sqlite = engine.dialect.name == "sqlite"
    pooled = engine.raw_connection()
    connection: Any = pooled.driver_connection
    if is_sqlite:
        connection.isolation_level = None
        for pragma in ("synchronous=OFF", "cache_size=-200000", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
    else:
        connection.execute("SET TIME ZONE 'UTC'")
    loader = Loader(connection, is_sqlite=is_sqlite)
    yield loader
    loader.count_on()
    pooled.close()
    engine.dispose()


def stored(moment: datetime) -> str:
    """Return a moment as it stands in the tables of both databases."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _needs_value(column: Column[Any]) -> bool:
    has_none = column.nullable or (column.primary_key and column.autoincrement and column.default is None)
    return not has_none or column.name == "public_id"


def _default(column: Column[Any]) -> Any:
    default: Any = column.default
    if default is None:
        raise ValueError(f"{column} needs a value")
    value = default.arg(None) if default.is_callable else default.arg
    if isinstance(value, list | dict):
        return json.dumps(value)
    return stored(value) if isinstance(value, datetime) else value
