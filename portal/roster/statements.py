"""INSERT and UPDATE statements for many rows, which are compiled once and convert values column by column."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, Dialect, Insert, Table, Update, bindparam, insert, update
from sqlalchemy.types import JSON, TypeEngine

from portal.db import Base

Row = tuple[Any, ...]
Model = type[Base]
Convert = Callable[[Any], Any]


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
        self._for_driver = cache(self._compile)

    def run(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Execute the statement for all `rows`."""
        columns: dict[str, Sequence[Any]] = dict(zip(self._given, zip(*rows, strict=True), strict=True))
        columns |= {parameter: [make() for _row in rows] for parameter, make in self._defaults.items()}
        if connection.dialect.name != "sqlite":
            values = zip(*columns.values(), strict=True)
            connection.execute(self._statement, [dict(zip(columns, row, strict=True)) for row in values])
            return
        # SQLAlchemy looks up the type of every single value, which took a third of the time of an import.
        sql, converters = self._for_driver(connection.dialect)
        ready = [
            map(convert, columns[name]) if convert else columns[name] for name, convert in converters.items()
        ]
        connection.exec_driver_sql(sql, list(zip(*ready, strict=True)))

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
