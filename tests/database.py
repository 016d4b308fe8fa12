"""A database that every test gets fresh: a copied file on SQLite, a template on PostgreSQL."""

import os
import shutil
from functools import cached_property
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, make_url, text

from portal.db import db


class FreshDatabase:
    """Remembers the states it has been in, each by a name, and goes back to one before each test."""

    def __init__(self, url: URL) -> None:
        self._url, self._name = url, url.database or ""
        #: The one that was gone back to last.
        self.state = ""

    @staticmethod
    def at(address: str) -> "FreshDatabase":
        url = make_url(address)
        return FreshFile(url) if url.get_backend_name() == "sqlite" else FreshOnServer(url)

    def create(self) -> None:
        """Make it, without tables, where it does not make itself."""

    def remember(self, state: str) -> None:
        """Keep the present state, to begin tests with."""
        raise NotImplementedError

    def restore(self, state: str) -> None:
        raise NotImplementedError

    def forget(self) -> None:
        """Leave nothing of it behind."""
        disconnect()


class FreshFile(FreshDatabase):
    """SQLite: a copy of the file for each state."""

    def remember(self, state: str) -> None:
        disconnect()
        shutil.copyfile(self._name, self._copy(state))

    def restore(self, state: str) -> None:
        if state == self.state and not self._is_written():
            db.session.remove()
            return
        disconnect()
        for suffix in ("-wal", "-shm"):
            Path(f"{self._name}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(self._copy(state), self._name)
        os.utime(self._name, ns=(0, 0))
        self.state = state

    def _is_written(self) -> bool:
        """Whether anything was since it was copied: what is written stands in the log, then in the file itself."""
        log = Path(f"{self._name}-wal")
        return Path(self._name).stat().st_mtime_ns != 0 or (log.exists() and log.stat().st_size > 0)

    def _copy(self, state: str) -> str:
        return f"{self._name}.{state}"


class FreshOnServer(FreshDatabase):
    """PostgreSQL: a template database for each state.

    Putting back only the rows that a test changed would be quicker, but rows would then lie in another order than
    before, and a different one in each run.
    """

    def __init__(self, url: URL) -> None:
        super().__init__(url)
        self._templates: set[str] = set()

    def create(self) -> None:
        self._on_server(f'CREATE DATABASE "{self._name}"')

    def remember(self, state: str) -> None:
        disconnect()
        self._drop(self._template(state))
        self._on_server(f'CREATE DATABASE "{self._template(state)}" TEMPLATE "{self._name}"')
        self._templates.add(self._template(state))

    def restore(self, state: str) -> None:
        self.state = state
        disconnect()
        self._drop(self._name)
        self._on_server(f'CREATE DATABASE "{self._name}" TEMPLATE "{self._template(state)}"')

    def forget(self) -> None:
        disconnect()
        for database in (self._name, *self._templates):
            self._drop(database)
        self._server.dispose()

    def _drop(self, database: str) -> None:
        self._on_server(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def _on_server(self, statement: str) -> None:
        with self._server.connect() as connection:
            connection.execute(text(statement))

    @cached_property
    def _server(self) -> Engine:
        """Kept open between tests: connecting anew costs as much as copying a database."""
        return create_engine(self._url.set(database="postgres"), isolation_level="AUTOCOMMIT")

    def _template(self, state: str) -> str:
        return f"{self._name}_{state}"


def disconnect() -> None:
    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()
