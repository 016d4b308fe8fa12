"""A database that every test gets fresh: a copied file on SQLite, a template on PostgreSQL."""

import shutil
from functools import cached_property
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, make_url, text

from portal.db import db


class FreshDatabase:
    """Remembers the states it has been in, each by a name, and goes back to one before each test."""

    def __init__(self, address: str) -> None:
        self._url: URL = make_url(address)
        self._is_sqlite = self._url.get_backend_name() == "sqlite"
        self._remembered: set[str] = set()
        #: The one that was gone back to last.
        self.state = ""

    def create(self) -> None:
        if not self._is_sqlite:
            self._sql(f'CREATE DATABASE "{self._url.database}"')

    def remember(self, state: str) -> None:
        """Keep the present state, to begin tests with."""
        self._disconnect()
        self._remembered.add(state)
        if self._is_sqlite:
            shutil.copyfile(self._file, self._copy(state))
        else:
            self._drop(self._template(state))
            self._sql(f'CREATE DATABASE "{self._template(state)}" TEMPLATE "{self._url.database}"')

    def restore(self, state: str) -> None:
        self._disconnect()
        self.state = state
        if self._is_sqlite:
            for suffix in ("-wal", "-shm"):
                Path(f"{self._file}{suffix}").unlink(missing_ok=True)
            shutil.copyfile(self._copy(state), self._file)
        else:
            self._drop(self._file)
            self._sql(f'CREATE DATABASE "{self._url.database}" TEMPLATE "{self._template(state)}"')

    def forget(self) -> None:
        self._disconnect()
        if not self._is_sqlite:
            for database in (self._file, *map(self._template, self._remembered)):
                self._drop(database)
            self._server.dispose()

    def _disconnect(self) -> None:
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()

    def _drop(self, database: str) -> None:
        self._sql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def _sql(self, statement: str) -> None:
        with self._server.connect() as connection:
            connection.execute(text(statement))

    @cached_property
    def _server(self) -> Engine:
        """Kept open between tests: connecting anew costs as much as copying a database."""
        return create_engine(self._url.set(database="postgres"), isolation_level="AUTOCOMMIT")

    @property
    def _file(self) -> str:
        return self._url.database or ""

    def _copy(self, state: str) -> str:
        return f"{self._file}.{state}"

    def _template(self, state: str) -> str:
        return f"{self._url.database}_{state}"
