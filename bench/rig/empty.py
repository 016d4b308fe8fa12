"""A portal with nobody in it, to be filled and measured."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy import create_engine, make_url, text

from portal.app import create_app
from portal.config import Settings
from portal.crypto import passwords
from portal.crypto.key_ring import KeyRing
from portal.db import db, schema

#: Passes and KiB of argon2id, as the portal is installed.
COST = (2, 19_456)


@contextmanager
def empty_portal(*, in_file: bool = False) -> Iterator[tuple[Flask, Path]]:
    """The application on a migrated database in a folder that is gone afterwards, and the file of the database.

    With DATABASE_URL in the environment, the database is a new one on that server, and there is no such file, unless
    it is to be `in_file` all the same.
    """
    passwords.use_cost(*COST)
    with tempfile.TemporaryDirectory() as folder, _database(in_file=in_file) as url:
        home = Path(folder)
        KeyRing.create(home / "keys.json")
        app = create_app(settings_of(home, url))
        if set_up := getattr(schema, "init_app", None):  # of older versions, which are measured to compare
            set_up(app)
        with app.app_context():
            schema.bring_up_to_date()
        yield app, home / "portal.db"
        with app.app_context():
            disconnect()


def settings_of(home: Path, url: str) -> Settings:
    """Return the settings of a bench's portal; an empty `url` stands for a file in `home`."""
    return Settings.read(home=home, base_url="http://localhost", staff_second_factor="off", DATABASE_URL=url)


def disconnect() -> None:
    """Close every connection of the portal whose context is open."""
    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()


@contextmanager
def _database(*, in_file: bool) -> Iterator[str]:
    """The address of a database that is dropped afterwards; empty for SQLite."""
    server = make_url(os.environ.get("DATABASE_URL") or "sqlite://")
    if in_file or server.get_backend_name() == "sqlite":
        yield ""
        return
    name = f"bench_{secrets.token_hex(8)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
        try:
            yield server.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    engine.dispose()
