"""What day it is where a school is, asked inside SQL: one statement may look at schools in several time zones."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Date, String, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.functions import FunctionElement

from portal import clock


class today_in(FunctionElement[date]):  # noqa: N801 - it stands where SQL has a function
    """The date on the clocks in `zone`, a column that holds IANA names, when the statement is executed."""

    type = Date()
    inherit_cache = True

    def __init__(self, zone: ColumnElement[str]) -> None:
        now = bindparam(None, type_=String, callable_=lambda: clock.now().isoformat())
        super().__init__(now, zone)


@lru_cache(maxsize=64)
def local_date(moment: str, zone: str) -> str:
    """The function of that name on SQLite connections: an ISO moment with its offset, an IANA name → an ISO date."""
    return datetime.fromisoformat(moment).astimezone(ZoneInfo(zone)).date().isoformat()


@compiles(today_in, "sqlite")
def _on_sqlite(element: today_in, compiler: Any, **kwargs: Any) -> str:
    return f"local_date({compiler.process(element.clauses, **kwargs)})"


@compiles(today_in, "postgresql")
def _on_postgresql(element: today_in, compiler: Any, **kwargs: Any) -> str:
    moment, zone = (compiler.process(each, **kwargs) for each in element.clauses)
    return f"(CAST({moment} AS TIMESTAMPTZ) AT TIME ZONE {zone})::date"
