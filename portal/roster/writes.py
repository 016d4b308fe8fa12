"""Where an import writes its changes: to the database in large batches or, in a preview, nowhere."""

from collections.abc import Iterator
from itertools import count
from typing import Protocol

from sqlalchemy import Connection, func, select, text

from portal import db
from portal.db import Base
from portal.models.rows import ROWS
from portal.roster.statements import Model, Row, Statement


class Writes(Protocol):
    """What an import needs to write its changes."""

    def new_id(self, model: Model) -> int:
        """Return the id for a row that will be added."""

    def add(self, statement: Statement, row: Row) -> None:
        """Execute the statement for `row`, at the latest with the next `flush`."""

    def flush(self) -> None:
        """Write everything that was added so far."""


class NoWrites:
    """Writes nothing, for previews. New rows get negative ids."""

    def __init__(self) -> None:
        self._ids = count(-1, -1)

    def new_id(self, _model: Model) -> int:
        return next(self._ids)

    def add(self, statement: Statement, row: Row) -> None:
        """Do nothing."""

    def flush(self) -> None:
        """Do nothing."""


class BulkWrites:
    """Writes rows in batches of ROWS, in the open transaction."""

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
    """Yield free ids: on SQLite, whose only writer this is, by counting; on PostgreSQL from the sequence, in blocks."""
    if connection.dialect.name == "sqlite":
        yield from count((connection.scalar(select(func.max(model.__table__.c.id))) or 0) + 1)
    block = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, 1000)")
    while True:
        yield from connection.scalars(block, {"name": model.__tablename__}).all()
