"""Where an import writes its changes: nowhere, in a preview, or to a file from which they go into the database."""

import pickle
import tempfile
import weakref
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Protocol

from sqlalchemy import Connection, func, select, text

from portal import db
from portal.db import Base
from portal.models.rows import ROWS
from portal.roster.statements import Columns, Model, NewIds, Row, Statement, resolved

#: What is done in the transaction that writes, and needs the ids that new rows have got.
Act = Callable[["Ids"], None]


class Writes(Protocol):
    """What an import needs to write its changes."""

    def new_id(self, model: Model) -> int:
        """Return a negative id, which stands for the id of a row that will be added."""

    def add(self, statement: Statement, row: Row) -> None:
        """Have the statement executed for `row`, after everything that was there before the last `flush`."""

    def act(self, act: Act) -> None:
        """Have `act` called, after everything that was there before the last `flush`."""

    def flush(self) -> None:
        """Say that what comes now is written after everything that was added so far."""


class Ids:
    """The ids of new rows, each in the place of the negative one that stood for it."""

    def __init__(self, new: NewIds) -> None:
        self.new = new

    def of(self, model: Model, row_id: int) -> int:
        """Return the id that is stored for `row_id`, which may be negative."""
        return resolved(row_id, self.new.get(model.__tablename__, ()))


class NoWrites:
    """Writes nothing, for previews."""

    def __init__(self) -> None:
        self._new: Counter[str] = Counter()

    def new_id(self, model: Model) -> int:
        self._new[model.__tablename__] += 1
        return -self._new[model.__tablename__]

    def add(self, statement: Statement, row: Row) -> None:
        """Do nothing."""

    def act(self, act: Act) -> None:
        """Do nothing."""

    def flush(self) -> None:
        """Do nothing."""


class StagedWrites(NoWrites):
    """Keeps what is to be written, ready for the driver, so that the transaction that writes it is short.

    It is kept in a file without a name, which is gone when this process ends, and so that memory does not grow with
    the roster.
    """

    def __init__(self) -> None:
        super().__init__()
        self._dialect = db.session.connection().dialect
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it is closed by `close`
        weakref.finalize(self, self._file.close)
        self._steps: list[Statement | Act] = []
        self._waiting: dict[Statement, list[Row]] = {}
        self._order = {table: place for place, table in enumerate(Base.metadata.sorted_tables)}

    def add(self, statement: Statement, row: Row) -> None:
        rows = self._waiting.setdefault(statement, [])
        rows.append(row)
        if len(rows) >= ROWS:
            self.flush()

    def act(self, act: Act) -> None:
        self._steps.append(act)

    def flush(self) -> None:
        for statement in sorted(self._waiting, key=lambda waiting: self._order[waiting.table]):
            columns = statement.prepare(self._waiting[statement], self._dialect)
            pickle.dump(columns, self._file, pickle.HIGHEST_PROTOCOL)
            self._steps.append(statement)
        self._waiting = {}

    def write(self) -> None:
        """Write everything, in the open transaction."""
        connection = db.session.connection()
        ids = Ids({table: _free_ids(connection, table, count) for table, count in self._new.items()})
        self._file.seek(0)
        for step in self._steps:
            if isinstance(step, Statement):
                columns: Columns = pickle.load(self._file)  # noqa: S301 - written by this process a moment ago
                step.execute(connection, columns, ids.new)
            else:
                step(ids)

    def close(self) -> None:
        """Give the room on the disk back."""
        self._file.close()


def _free_ids(connection: Connection, table: str, count: int) -> Sequence[int]:
    """Return ids for new rows: on SQLite, whose only writer this is, the next ones; on PostgreSQL of the sequence."""
    if connection.dialect.name == "sqlite":
        ids = Base.metadata.tables[table].c.id
        latest = connection.scalar(select(func.max(ids))) or 0
        return range(latest + 1, latest + 1 + count)
    block = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
    return connection.scalars(block, {"name": table, "count": count}).all()
