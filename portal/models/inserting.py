"""Insert one row and hold it as an object. Apart: tables of several subjects do it, and none of them is its owner."""

from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Insert, inspect

from portal.db import Base, db
from portal.models.loaded import loaded

_Row = TypeVar("_Row", bound=Base)


def inserted(statement: Insert, model: type[_Row], row: dict[str, Any]) -> _Row:
    """Store `row` in the open transaction and return it as an object of the session, without reading it back.

    `statement` inserts into the table of `model`, and is built once. Columns that `row` does not name must have no
    default: they are empty.
    """
    [key] = db.session.connection().execute(statement, row).inserted_primary_key or (None,)
    return loaded(model, dict.fromkeys(_columns(model)) | row | {"id": key})


@cache
def _columns(model: type[Base]) -> tuple[str, ...]:
    """Return the names of those columns of its table that the model has: a kind of account lacks those of the other."""
    return tuple(column.key for column in model.__table__.columns if column.key in inspect(model).columns)
