"""The application under test, on a real database, and its cast."""

import gc
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import make_url

from portal import clock, db, demo
from portal.app import create_app
from portal.cli import main
from portal.config import Settings
from portal.crypto import passwords
from portal.crypto.key_ring import KeyRing
from portal.db import schema
from portal.demo import Cast
from portal.models import Account, Guardian, SignIn, Staff, Student
from tests import rows
from tests.browsing import Browser
from tests.database import FreshDatabase

BASE_URL = "http://localhost"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rounds", type=int, default=20, help="how often each race is run; 1000 for a long soak"
    )


def pytest_configure() -> None:
    """Look for garbage less often: what tests leave is small, what is searched for it each time is large."""
    gc.set_threshold(50_000, 20, 100)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On a database server, leave out what uses no database: it would say what it has said on SQLite."""
    if "DATABASE_URL" in os.environ:
        others = [item for item in items if not _uses_database(item)]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if _uses_database(item)]


def _uses_database(item: pytest.Item) -> bool:
    """By its fixtures: the settings name the tests' database, `database` is that of an installation."""
    return not {"settings", "database"}.isdisjoint(getattr(item, "fixturenames", ()))


def pytest_collection_finish() -> None:
    """What is imported by now stays, so the search for garbage leaves it out."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> int:
    """How often a test that looks for rare things tries."""
    asked: int = request.config.getoption("--rounds")
    return asked


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("portal")
    KeyRing.create(home / "keys.json")
    passwords.use_cost(1, 8)
    return Settings.read(
        home=home, base_url=BASE_URL, staff_second_factor="off", DATABASE_URL=_test_database(home)
    )


@pytest.fixture(scope="session")
def _application(settings: Settings) -> Iterator[tuple[Flask, FreshDatabase]]:
    """One application for all tests: booting and migrating once keeps them quick."""
    database = FreshDatabase.at(settings.database)
    database.create()
    app = create_app(settings)
    app.testing = True
    app.test_client_class = Browser
    with app.app_context():
        schema.bring_up_to_date()
        database.remember("empty")
    yield app, database
    with app.app_context():
        database.forget()


@pytest.fixture(scope="session")
def _district(_application: tuple[Flask, FreshDatabase]) -> Cast:
    """The demo's district without its crowd, built once; the database with it is remembered."""
    app, database = _application
    with app.app_context():
        database.restore("empty")
        district = demo.build(crowd=False)
        database.remember("district")
    return district


@pytest.fixture
def database(_application: tuple[Flask, FreshDatabase]) -> FreshDatabase:
    """For tests that begin afresh several times."""
    return _application[1]


@pytest.fixture
def app(_application: tuple[Flask, FreshDatabase], request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application inside its context; with an empty, migrated database, or the cast's when asked for."""
    app, database = _application
    with app.app_context():
        database.restore("district" if "cast" in request.fixturenames else "empty")
        yield app


@pytest.fixture
def cast(_district: Cast, app: Flask) -> Cast:
    """The people of Maple Valley Schools: `cast.ada`, `cast.mia`, `cast.lincoln`, as they are right now."""
    return _district


@pytest.fixture
def now() -> Iterator[time_machine.Traveller]:
    """A school morning at which the clock stands still; it can be sent elsewhere."""
    with time_machine.travel(rows.MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def mia(app: Flask) -> Student:
    """A student at a school of her own, where the cast is not needed."""
    return rows.student(rows.school())


@pytest.fixture
def otto(mia: Student) -> Staff:
    """The office of Mia's school."""
    return rows.staff(mia.school)


@pytest.fixture
def grace(app: Flask) -> Guardian:
    """A guardian who is paired with nobody yet."""
    return rows.guardian()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser of a stranger."""
    return app.test_client()


@pytest.fixture
def as_(app: Flask) -> Callable[[Account], FlaskClient]:
    """A browser in which that account is signed in."""

    def signed_in(account: Account) -> FlaskClient:
        return client_of(app, account)

    return signed_in


def client_of(app: Flask, account: Account) -> FlaskClient:
    with db.writing():
        sign_in = SignIn.start(account, browser="Test", address="127.0.0.1")
        sign_in.second_factor_at = clock.now()
        token = sign_in.token
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie.permanent = not account.is_staff
    return browser


def _test_database(home: Path) -> str:
    """SQLite in a file, or a database of our own on the server of DATABASE_URL."""
    server = os.environ.get("DATABASE_URL")
    if not server:
        return f"sqlite:///{home / 'portal.db'}"
    return make_url(server).set(database=f"test_{secrets.token_hex(6)}").render_as_string(hide_password=False)


@pytest.fixture
def operator(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run `portal …` as the operator does, on the database of the test."""
    monkeypatch.setenv("PORTAL_HOME", str(settings.home))
    monkeypatch.setenv("PORTAL_BASE_URL", settings.base_url)
    monkeypatch.setenv("DATABASE_URL", settings.database)

    def command(*words: str) -> Result:
        db.session.remove()
        result = CliRunner().invoke(main, list(words))
        db.session.remove()
        return result

    return command
