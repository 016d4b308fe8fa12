"""INSERT and UPDATE statements for many rows, which are compiled once and convert values column by column."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, Dialect, Insert, Table, Update, bindparam, insert, update
from sqlalchemy.types import JSON, TypeEngine

from portal.db import Base

Row = tuple[Any, ...]
Model = type[Base]
Convert = Callable[[Any], Any]

#: The values of many rows by parameter, as the driver takes them.
Columns = dict[str, Sequence[Any]]

#: The ids that new rows get, by table, in the order in which they were asked for.
NewIds = Mapping[str, Sequence[int]]


def resolved(row_id: int, ids: Sequence[int]) -> int:
    """Return the id that is stored: for a negative one, which stands for a new row's, that from `ids`."""
    return ids[-row_id - 1] if row_id < 0 else row_id


class Statement:
    """One INSERT or UPDATE. A row is a tuple of values in the order of its columns; defaults are filled in."""

    def __init__(
        self, statement: Insert | Update, table: Table, given: dict[str, str], made: dict[str, str]
    ) -> None:
        """`given` maps parameters to the columns of the rows, `made` to those that take their default."""
        self.table = table
        self._statement = statement
        self._given = given
        self._defaults = {parameter: _default(table.c[name]) for parameter, name in made.items()}
        self._types: dict[str, TypeEngine[Any]] = {
            parameter: table.c[name].type for parameter, name in (given | made).items()
        }
        names = {parameter: _table_of_id(table.c[name]) for parameter, name in given.items()}
        #: The table whose ids a parameter holds, where it holds ids.
        self._id_tables = {parameter: name for parameter, name in names.items() if name}
        self._for_driver = cache(self._compile)

    def prepare(self, rows: Sequence[Row], dialect: Dialect) -> Columns:
        """Return what `execute` will send for all `rows`; ids of rows still to be added stay negative."""
        columns: Columns = dict(zip(self._given, zip(*rows, strict=True), strict=True))
        columns |= {parameter: [make() for _row in rows] for parameter, make in self._defaults.items()}
        if dialect.name != "sqlite":
            return columns
        # SQLAlchemy looks up the type of every single value, which took a third of the time of an import.
        _sql, converters = self._for_driver(dialect)
        return {
            name: list(map(convert, columns[name])) if convert else columns[name]
            for name, convert in converters.items()
        }

    def execute(self, connection: Connection, columns: Columns, ids: NewIds) -> None:
        """Execute the statement for rows that were prepared. `ids` replace the negative ones."""
        for parameter, table in self._id_tables.items():
            if table in ids:
                known = ids[table]
                columns[parameter] = [row_id and resolved(row_id, known) for row_id in columns[parameter]]
        values = zip(*columns.values(), strict=True)
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(self._for_driver(connection.dialect)[0], list(values))
        else:
            connection.execute(self._statement, [dict(zip(columns, row, strict=True)) for row in values])

    def _compile(self, dialect: Dialect) -> tuple[str, dict[str, Convert | None]]:
        """Return the SQL, and for each parameter in order the function that converts a value for the driver."""
        compiled = self._statement.compile(dialect=dialect)
        return str(compiled), {
            name: _converter(self._types[name], dialect) for name in compiled.positiontup or ()
        }


def insertion(model: Model, *columns: str) -> Statement:
    """Return an INSERT for rows that hold `columns`; the other columns get their defaults."""
    table = _table(model)
    given = {f"new_{name}": name for name in columns}
    made = {
        f"new_{column.name}": column.name
        for column in table.c
        if column.default and column.name not in columns
    }
    values: dict[str, Any] = {name: bindparam(parameter) for parameter, name in (given | made).items()}
    return Statement(insert(table).values(values), table, given, made)


def change(model: Model, *columns: str) -> Statement:
    """Return an UPDATE for rows that hold the new values of `columns`, and last the id."""
    table = _table(model)
    given = {f"new_{name}": name for name in columns}
    values: dict[str, Any] = {name: bindparam(parameter) for parameter, name in given.items()}
    statement = update(table).where(table.c.id == bindparam("row_id")).values(values)
    return Statement(statement, table, given | {"row_id": "id"}, {})


def _table(model: Model) -> Table:
    table = model.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{model} has no table of its own")
    return table


def _table_of_id(column: Column[Any]) -> str | None:
    """Return the table whose ids the column holds: one that it refers to, its own, or None."""
    referred = (key.column.table.name for key in column.foreign_keys if key.column.primary_key)
    return next(referred, str(column.table.name) if column.primary_key else None)


def _default(column: Column[Any]) -> Callable[[], Any]:
    default: Any = column.default
    if default.is_callable:
        return lambda: default.arg(None)
    return lambda: default.arg


def _converter(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    """Return the function that converts a value for the driver, or None.

    Results are kept, because a roster has few different days and moments.
    """
    convert = kind.dialect_impl(dialect).bind_processor(dialect)
    return convert if convert is None or isinstance(kind, JSON) else cache(convert)
