"""What a revision does to rows, beyond losing none of them."""

from datetime import UTC, datetime
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Table, select

from portal.db import db, migrating
from tests.commands.installing import Run, database, home, keys_of_other_tests, run
from tests.db.filling import fill, tables
from tests.db.test_migrations import empty

__all__ = ["database", "empty", "home", "keys_of_other_tests", "run"]  # fixtures

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
PREVIEWED = {"previewed_at": NOON, "preview": {"counts": {}}}
CONFIRMED = PREVIEWED | {"confirmed_at": NOON, "confirmed_by_id": 2}

#: An import of account 1 in each of its stages.
STAGES: dict[str, dict[str, Any]] = {
    "reading": {},
    "previewed": PREVIEWED,
    "applying": CONFIRMED,
    "applied": CONFIRMED | {"applied_at": NOON},
    "not read": {"failed_at": NOON, "failure": "This is no roster."},
    "not applied": CONFIRMED | {"failed_at": NOON, "failure": "This zip file is broken."},
}


def test_each_roster_that_waits_for_the_worker_gets_its_job(empty: Flask, run: Run):
    migrating.upgrade("0024")
    with db.engine.begin() as connection:
        fill(connection)
        ids = {name: add_import(connection, name, **values) for name, values in STAGES.items()}

    assert run("db", "upgrade").exit_code == 0

    with db.engine.connect() as connection:
        jobs = table(connection, "jobs")
        found = connection.execute(select(jobs).where(jobs.c.kind.like("roster_%")).order_by(jobs.c.id)).all()
    assert [(job.kind, job.arguments["roster_import"], job.created_by_id) for job in found] == [
        ("roster_preview", ids["reading"], 1),
        ("roster_apply", ids["applying"], 2),
    ]
    assert [(job.tries, job.begun_at, job.ended_at) for job in found] == [(0, None, None)] * 2


def add_import(connection: Connection, name: str, **values: Any) -> int:
    values = {"overrides_limit": False, "created_at": NOON, "created_by_id": 1} | values
    imports = table(connection, "roster_imports")
    added = connection.execute(imports.insert().values(public_id=name, file_name="fall.zip", **values))
    return int(added.inserted_primary_key[0])


def table(connection: Connection, name: str) -> Table:
    return next(table for table in tables(connection) if table.name == name)
