"""A portal with nobody in it, to be filled and measured."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from portal.app import create_app
from portal.config import Settings
from portal.crypto.key_ring import KeyRing
from portal.db import schema


@contextmanager
def empty_portal() -> Iterator[tuple[Flask, Path]]:
    """The application on a migrated SQLite file in a folder that is gone afterwards, and that file."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        KeyRing.create(home / "keys.json")
        app = create_app(Settings.read(home=home, base_url="http://localhost", staff_second_factor="off"))
        with app.app_context():
            schema.bring_up_to_date()
        yield app, home / "portal.db"
