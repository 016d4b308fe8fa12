"""Where the changes of an import go: into the database by the thousand, or, for a preview, nowhere."""

from collections.abc import Iterator
from itertools import count
from typing import Protocol

from sqlalchemy import Connection, func, select, text

from portal import db
from portal.db import Base
from portal.models.rows import ROWS
from portal.roster.statements import Model, Row, Statement


class Writes(Protocol):
    """Where the changes go."""

    def new_id(self, model: Model) -> int:
        """The id of a row about to be added."""

    def add(self, statement: Statement, row: Row) -> None:
        """Write `row`, now or soon."""

    def flush(self) -> None:
        """See to it that everything added so far is written."""


class NoWrites:
    """For a preview: rows that would be new get ids below zero, and nothing is written."""

    def __init__(self) -> None:
        self._ids = count(-1, -1)

    def new_id(self, _model: Model) -> int:
        return next(self._ids)

    def add(self, statement: Statement, row: Row) -> None:
        """Forget it."""

    def flush(self) -> None:
        """Nothing waits."""


class BulkWrites:
    """Sends rows by the thousand, in the transaction that is open."""

    def __init__(self) -> None:
        self._connection = db.session.connection()
        self._ids: dict[str, Iterator[int]] = {}
        self._waiting: dict[Statement, list[Row]] = {}
        self._order = {table: place for place, table in enumerate(Base.metadata.sorted_tables)}

    def new_id(self, model: Model) -> int:
        table = model.__tablename__
        if table not in self._ids:
            self._ids[table] = _free_ids(self._connection, model)
        return next(self._ids[table])

    def add(self, statement: Statement, row: Row) -> None:
        rows = self._waiting.setdefault(statement, [])
        rows.append(row)
        if len(rows) >= ROWS:
            self.flush()

    def flush(self) -> None:
        for statement in sorted(self._waiting, key=lambda waiting: self._order[waiting.table]):
            statement.run(self._connection, self._waiting[statement])
        self._waiting = {}


def _free_ids(connection: Connection, model: Model) -> Iterator[int]:
    """On SQLite we are the only writer and count on; PostgreSQL is asked for a thousand at a time."""
    if connection.dialect.name == "sqlite":
        yield from count((connection.scalar(select(func.max(model.__table__.c.id))) or 0) + 1)
    block = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, 1000)")
    while True:
        yield from connection.scalars(block, {"name": model.__tablename__}).all()
