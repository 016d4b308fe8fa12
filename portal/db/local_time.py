"""The SQL function `today_in`: today's date in a time zone, for statements about schools in several zones."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Date, String, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from portal import clock


class today_in(FunctionElement[date]):  # noqa: N801 - named like a function of SQL
    """The date in `zone`, a column of IANA names, at the moment when the statement is executed."""

    type = Date()
    inherit_cache = True

    def __init__(self, zone: ColumnElement[str]) -> None:
        now = bindparam(None, type_=String, callable_=lambda: clock.now().isoformat())
        super().__init__(now, zone)


@lru_cache(maxsize=64)
def local_date(moment: str, zone: str) -> str:
    """Return the ISO date of `moment` (ISO 8601 with offset) in `zone` (IANA name). SQLite calls this function."""
    return datetime.fromisoformat(moment).astimezone(ZoneInfo(zone)).date().isoformat()


@compiles(today_in, "sqlite")
def _on_sqlite(element: today_in, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"local_date({compiler.process(element.clauses, **kwargs)})"


@compiles(today_in, "postgresql")
def _on_postgresql(element: today_in, compiler: SQLCompiler, **kwargs: Any) -> str:
    moment, zone = (compiler.process(each, **kwargs) for each in element.clauses)
    return f"(CAST({moment} AS TIMESTAMPTZ) AT TIME ZONE {zone})::date"
