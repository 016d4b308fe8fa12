"""INSERT and UPDATE of many rows: built once, and their rows given to the driver column by column."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, Dialect, Table, bindparam, insert, update
from sqlalchemy.types import JSON, TypeEngine

from portal.db import Base

Row = tuple[Any, ...]
Model = type[Base]
Convert = Callable[[Any], Any]


class Statement:
    """One INSERT or UPDATE. A row is a tuple of the values it was made for; columns with a default are filled in."""

    def __init__(self, sentence: Any, table: Table, given: dict[str, str], made: dict[str, str]) -> None:
        """`given` and `made` name the column behind each parameter: those of the rows, and those with a default."""
        self.table = table
        self._sentence = sentence
        self._given = given
        self._defaults = {parameter: _default(table.c[name]) for parameter, name in made.items()}
        self._types: dict[str, TypeEngine[Any]] = {
            parameter: table.c[name].type for parameter, name in (given | made).items()
        }
        self._for_driver = cache(self._compile)

    def run(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Write `rows` in one go."""
        columns: dict[str, Sequence[Any]] = dict(zip(self._given, zip(*rows, strict=True), strict=True))
        columns |= {parameter: [make() for _row in rows] for parameter, make in self._defaults.items()}
        if connection.dialect.name != "sqlite":
            values = zip(*columns.values(), strict=True)
            connection.execute(self._sentence, [dict(zip(columns, row, strict=True)) for row in values])
            return
        # The usual way asks about every single value what it is: a third of the time of a whole import.
        sql, converters = self._for_driver(connection.dialect)
        ready = [
            map(convert, columns[name]) if convert else columns[name] for name, convert in converters.items()
        ]
        connection.exec_driver_sql(sql, list(zip(*ready, strict=True)))

    def _compile(self, dialect: Dialect) -> tuple[str, dict[str, Convert | None]]:
        """The SQL, and for its parameters in their order what brings a value into the driver's form."""
        compiled = self._sentence.compile(dialect=dialect)
        return str(compiled), {name: _converter(self._types[name], dialect) for name in compiled.positiontup}


def insertion(model: Model, *columns: str) -> Statement:
    """INSERT of rows that hold `columns`; the rest have their defaults."""
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
    """UPDATE of `columns` in the row whose id comes last."""
    table = _table(model)
    given = {f"new_{name}": name for name in columns}
    values: dict[str, Any] = {name: bindparam(parameter) for parameter, name in given.items()}
    sentence = update(table).where(table.c.id == bindparam("row_id")).values(values)
    return Statement(sentence, table, given | {"row_id": "id"}, {})


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
    """A roster has few different days and moments, so each is brought into its form once."""
    convert = kind.dialect_impl(dialect).bind_processor(dialect)
    return convert if convert is None or isinstance(kind, JSON) else cache(convert)
