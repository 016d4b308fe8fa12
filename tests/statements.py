"""Counting what a request asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from portal.db import db


class Statements(list[str]):
    """The SQL of each statement, in order; and how many transactions were committed after writing."""

    commits = 0
    #: How many statements there were up to the first of these commits.
    written = 0


@contextmanager
def counted() -> Iterator[Statements]:
    """What is sent to the database inside the `with` block, on both engines."""
    statements = Statements()
    with db.engine.connect(), db.engines["reading"].connect():
        pass  # connecting sends statements of its own

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
            statements.append(statement)

    def note_commit(_connection: Any) -> None:
        statements.commits += 1
        statements.written = statements.written or len(statements)

    for engine in db.engines.values():
        event.listen(engine, "before_cursor_execute", note)
    event.listen(db.engine, "commit", note_commit)
    try:
        yield statements
    finally:
        for engine in db.engines.values():
            event.remove(engine, "before_cursor_execute", note)
        event.remove(db.engine, "commit", note_commit)
