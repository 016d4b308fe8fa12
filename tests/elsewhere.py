"""What others do: on a connection that sees only what is committed and never waits, or in threads of their own."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import Connection, NullPool, create_engine, text

from portal import db

#: What each driver is told so that a lock in the way is an error at once (milliseconds on PostgreSQL).
IMPATIENT: dict[str, dict[str, Any]] = {
    "sqlite": {"timeout": 0},
    "postgresql": {"options": "-c lock_timeout=50"},
}


@contextmanager
def connection() -> Iterator[Connection]:
    """In a transaction that commits at the end."""
    url = db.db.engine.url
    engine = create_engine(url, poolclass=NullPool, connect_args=IMPATIENT[url.get_backend_name()])
    with engine.begin() as other:
        yield other


def read(statement: str, **values: Any) -> Any:
    """The first column of the first row, as it is stored."""
    with connection() as other:
        return other.execute(text(statement), values).scalar()


def write(statement: str, **values: Any) -> None:
    with connection() as other:
        other.execute(text(statement), values)


def at_once(app: Flask, works: Sequence[Callable[[], object]]) -> None:
    """Do all of these in a thread each, starting at the same moment; what one raises is raised here."""
    start, errors = threading.Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        try:
            with app.app_context():
                start.wait()
                work()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test is to show it
            errors.append(error)

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
