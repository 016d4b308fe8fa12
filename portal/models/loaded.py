"""Rows of the ORM made from columns that a statement has read. Apart, because rows of every model can be made so."""

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from sqlalchemy import inspect
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from portal.db import Base, db

_Row = TypeVar("_Row", bound=Base)


def loaded(model: type[_Row], columns: Mapping[str, Any], *, anew: bool = False) -> _Row:
    """Return the row with these columns, `id` among them, as if the session had just read it.

    A row that the session has already is returned, with those of its columns filled in that were not loaded;
    `anew` fills in all. Columns that are not given are read when they are asked for.
    """
    session = db.session()
    key = inspect(model).identity_key_from_primary_key((columns["id"],))
    row = cast(_Row | None, session.identity_map.get(key))
    if row is None:
        row = detached(model, columns)
        session.add(row)
    else:
        unloaded = inspect(row).unloaded
        for name, value in columns.items():
            if name in unloaded or (anew and row.__dict__[name] != value):
                set_committed_value(row, name, value)
    return row


def detached(model: type[_Row], values: Mapping[str, Any]) -> _Row:
    """Return the row with these values, of columns and of relations, in no session: it stays as it was read."""
    row = cast(_Row, inspect(model).class_manager.new_instance())
    row.__dict__.update(values)
    make_transient_to_detached(row)
    return row
