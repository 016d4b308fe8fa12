"""Counting what is asked of the database, and what is committed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

#: What is neither asked nor written: the beginning and the settings of a connection.
ASIDE = ("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE", "SET ")
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class Counted(list[str]):
    """The statements in order, of every engine; and how many transactions were committed that had written."""

    commits = 0


@contextmanager
def counted() -> Iterator[Counted]:
    """What the block sends to any database."""
    statements = Counted()
    written: set[int] = set()

    def note(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(ASIDE):
            statements.append(statement)
        if statement.lstrip().startswith(WRITES):
            written.add(id(connection.connection.dbapi_connection))

    def note_commit(connection: Any) -> None:
        if id(connection.connection.dbapi_connection) in written:
            written.clear()
            statements.commits += 1

    event.listen(Engine, "before_cursor_execute", note)
    event.listen(Engine, "commit", note_commit)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)
        event.remove(Engine, "commit", note_commit)
