"""A migrated database that every test gets fresh: a copied file on SQLite, a template on PostgreSQL."""

import shutil
from pathlib import Path

from sqlalchemy import URL, create_engine, make_url, text

from portal.db import db


class FreshDatabase:
    """Remembers the database as it is now, and puts it back before each test."""

    def __init__(self, address: str) -> None:
        self._url: URL = make_url(address)
        self._is_sqlite = self._url.get_backend_name() == "sqlite"

    def remember(self) -> None:
        """Keep the present state as the one every test begins with."""
        self._disconnect()
        if self._is_sqlite:
            shutil.copyfile(self._file, self._copy)
        else:
            self._sql(f'CREATE DATABASE "{self._template}" TEMPLATE "{self._url.database}"')

    def restore(self) -> None:
        self._disconnect()
        if self._is_sqlite:
            for suffix in ("-wal", "-shm"):
                Path(f"{self._file}{suffix}").unlink(missing_ok=True)
            shutil.copyfile(self._copy, self._file)
        else:
            self._sql(f'DROP DATABASE IF EXISTS "{self._url.database}" WITH (FORCE)')
            self._sql(f'CREATE DATABASE "{self._url.database}" TEMPLATE "{self._template}"')

    def forget(self) -> None:
        self._disconnect()
        if not self._is_sqlite:
            self._sql(f'DROP DATABASE IF EXISTS "{self._url.database}" WITH (FORCE)')
            self._sql(f'DROP DATABASE IF EXISTS "{self._template}" WITH (FORCE)')

    def create(self) -> None:
        if not self._is_sqlite:
            self._sql(f'CREATE DATABASE "{self._url.database}"')

    def _disconnect(self) -> None:
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()

    def _sql(self, statement: str) -> None:
        engine = create_engine(self._url.set(database="postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    @property
    def _file(self) -> str:
        return self._url.database or ""

    @property
    def _copy(self) -> str:
        return f"{self._file}.fresh"

    @property
    def _template(self) -> str:
        return f"{self._url.database}_fresh"
