"""Insert one row and hold it as an object. Apart: tables of several subjects do it, and none of them is its owner."""

from typing import Any, TypeVar

from sqlalchemy import Insert

from portal.db import Base, db
from portal.models.loaded import loaded

_Row = TypeVar("_Row", bound=Base)


def inserted(statement: Insert, model: type[_Row], row: dict[str, Any]) -> _Row:
    """Store `row` in the open transaction and return it as an object of the session, without reading it back.

    `statement` inserts into the table of `model`, and is built once. Columns that `row` does not name must have no
    default: they are empty.
    """
    [key] = db.session.connection().execute(statement, row).inserted_primary_key or (None,)
    return loaded(model, dict.fromkeys(model.__table__.columns.keys()) | row | {"id": key})
