"""A database that every test gets fresh: a copied file on SQLite; on PostgreSQL its rows, or else a copied database."""

import os
import shutil
from functools import cached_property
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, inspect, make_url, text
from sqlalchemy.exc import DBAPIError

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
    """PostgreSQL: for each state a copy of the rows beside the tables, and a template database.

    Putting back the few rows that a test changed takes a tenth of the time of a new database. That is for when the
    rows cannot be put back: the tables changed too, somebody locks them, or we may not switch the triggers off.
    """

    def __init__(self, url: URL) -> None:
        super().__init__(url)
        self._templates: set[str] = set()

    def create(self) -> None:
        self._on_server(f'CREATE DATABASE "{self._name}"')

    def remember(self, state: str) -> None:
        disconnect()
        with self._own.begin() as connection:
            _keep_rows(connection, state)
        self._own.dispose()
        self._drop(self._template(state))
        self._on_server(f'CREATE DATABASE "{self._template(state)}" TEMPLATE "{self._name}"')
        self._templates.add(self._template(state))

    def restore(self, state: str) -> None:
        self.state = state
        db.session.remove()
        try:
            with self._own.begin() as connection:
                connection.execute(text(f"SELECT kept_{state}.put_back()"))
        except DBAPIError:
            self._copy_anew(state)

    def forget(self) -> None:
        disconnect()
        self._own.dispose()
        for database in (self._name, *self._templates):
            self._drop(database)
        self._server.dispose()

    def _copy_anew(self, state: str) -> None:
        disconnect()
        self._own.dispose()
        self._drop(self._name)
        self._on_server(f'CREATE DATABASE "{self._name}" TEMPLATE "{self._template(state)}"')

    def _drop(self, database: str) -> None:
        self._on_server(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def _on_server(self, statement: str) -> None:
        with self._server.connect() as connection:
            connection.execute(text(statement))

    @cached_property
    def _server(self) -> Engine:
        """Kept open between tests: connecting anew costs as much as copying a database."""
        return create_engine(self._url.set(database="postgres"), isolation_level="AUTOCOMMIT")

    @cached_property
    def _own(self) -> Engine:
        """On which rows are kept and put back, beside those of the application."""
        return create_engine(self._url)

    def _template(self, state: str) -> str:
        return f"{self._name}_{state}"


def disconnect() -> None:
    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()


#: Deletes rows that were not there or are not as they were, adds those that are missing, and sets each sequence.
#: As a replica, so that no trigger acts.
PUT_BACK = """
CREATE OR REPLACE FUNCTION kept_{state}.put_back() RETURNS void LANGUAGE plpgsql
SET session_replication_role = replica SET lock_timeout = '2s' AS $$ BEGIN
  IF (SELECT count(*) FROM pg_tables WHERE schemaname = 'public') <> {tables} THEN RAISE 'other tables'; END IF;
  {statements}
END $$
"""


def _keep_rows(connection: Connection, state: str) -> None:
    """Copy the rows of every table into a schema of that state, with a function that puts them back."""
    connection.execute(text(f"DROP SCHEMA IF EXISTS kept_{state} CASCADE"))
    connection.execute(text(f"CREATE SCHEMA kept_{state}"))
    tables = inspect(connection).get_table_names()
    statements = [
        *(statement for table in tables for statement in _keep_table(connection, state, table)),
        *connection.scalars(text(SEQUENCES)),
    ]
    function = PUT_BACK.format(state=state, tables=len(tables), statements="\n  ".join(statements))
    connection.exec_driver_sql(function)


def _keep_table(connection: Connection, state: str, table: str) -> list[str]:
    """Copy its rows, and say how they are put back."""
    if not connection.scalar(text(f"SELECT EXISTS (SELECT FROM public.{table})")):
        return [f"DELETE FROM public.{table};"]
    keys = inspect(connection).get_pk_constraint(table)["constrained_columns"]
    same = " AND ".join(f"kept.{key} = now.{key}" for key in keys)
    kept = f"kept_{state}.{table}"
    connection.execute(text(f"CREATE TABLE {kept} AS TABLE public.{table}"))
    connection.execute(text(f"ALTER TABLE {kept} ADD PRIMARY KEY ({', '.join(keys)})"))
    before = f"SELECT FROM {kept} kept WHERE {same} AND kept.* *= now.*"
    after = f"SELECT FROM public.{table} now WHERE {same}"
    return [
        f"DELETE FROM public.{table} now WHERE NOT EXISTS ({before});",
        f"INSERT INTO public.{table} SELECT * FROM {kept} kept WHERE NOT EXISTS ({after});",
    ]


SEQUENCES = """
SELECT format('PERFORM setval(''public.%I'', %s, %L);', sequencename, coalesce(last_value, 1), last_value IS NOT NULL)
FROM pg_sequences WHERE schemaname = 'public'
"""
