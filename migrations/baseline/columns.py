"""Shorthand for the tables of the baseline: a line says what a column is, and the rest is the same for all of them.

Columns are NOT NULL unless they say otherwise. Constraints and indexes get their names from NAMES.
"""

from typing import Any

import sqlalchemy as sa

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

METADATA = sa.MetaData(naming_convention=NAMES)


def table(name: str, *parts: Any) -> None:
    sa.Table(name, METADATA, *parts)


def key() -> sa.Column:
    """The number by which the other tables refer to a row."""
    return sa.Column("id", sa.Integer, primary_key=True)


def public_id() -> sa.Column:
    """The random name of a row in addresses."""
    return text("public_id", 22, unique=True)


def reference(name: str, table: str, *, on_delete: str | None = None, **more: Any) -> sa.Column:
    """The key of a row of `table`."""
    return _column(name, sa.Integer, sa.ForeignKey(f"{table}.id", ondelete=on_delete), **more)


def text(name: str, length: int | None = None, **more: Any) -> sa.Column:
    return _column(name, sa.String(length) if length else sa.Text(), **more)


def number(name: str, **more: Any) -> sa.Column:
    return _column(name, sa.Integer, **more)


def flag(name: str, **more: Any) -> sa.Column:
    return _column(name, sa.Boolean, **more)


def day(name: str, **more: Any) -> sa.Column:
    return _column(name, sa.Date, **more)


def moment(name: str, **more: Any) -> sa.Column:
    return _column(name, sa.DateTime(timezone=True), **more)


def json(name: str, **more: Any) -> sa.Column:
    return _column(name, sa.JSON, **more)


def blob(name: str, length: int | None = None, **more: Any) -> sa.Column:
    return _column(name, sa.LargeBinary(length), **more)


def unique(*columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns)


def index(*columns: str, where: str | None = None, **more: Any) -> sa.Index:
    """`where`: only the rows for which this holds are in the index."""
    rows = sa.text(where) if where else None
    return sa.Index(more.pop("name", None), *columns, sqlite_where=rows, postgresql_where=rows, **more)


def _column(name: str, type_: Any, *constraints: Any, nullable: bool = False, **more: Any) -> sa.Column:
    return sa.Column(name, type_, *constraints, nullable=nullable, **more)
