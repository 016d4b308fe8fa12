"""An installation of its own for tests of the operator's commands."""

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import URL, create_engine, make_url, text

from portal.cli import main
from portal.crypto import keys

PASSWORD = "a lantern over the quay"

Run = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty place for an installation, and an environment that knows of nothing else."""
    for name in [name for name in os.environ if name.startswith("PORTAL_")]:  # noqa: TID251
        monkeypatch.delenv(name)
    monkeypatch.setenv("PORTAL_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PORT", raising=False)
    return tmp_path / "home"


@pytest.fixture
def database(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A database of its own: a file in the home, or one on the server of DATABASE_URL."""
    server = os.environ.get("DATABASE_URL")  # noqa: TID251
    if not server:
        yield
        return
    url = make_url(server).set(database=f"test_{secrets.token_hex(6)}")
    _on_server(url, f'CREATE DATABASE "{url.database}"')
    monkeypatch.setenv("DATABASE_URL", url.render_as_string(hide_password=False))
    yield
    _on_server(url, f'DROP DATABASE "{url.database}" WITH (FORCE)')


def _on_server(url: URL, statement: str) -> None:
    engine = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(autouse=True)
def keys_of_other_tests() -> Iterator[None]:
    """A command makes its own key ring the one in use; the other tests get theirs back."""
    ring = keys._ring
    yield
    if ring:
        keys.use(ring)


@pytest.fixture
def run(home: Path, database: None) -> Run:
    def command(*arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(main, list(arguments), input=typed)

    return command


@pytest.fixture
def installed(run: Run) -> Run:
    """An installation for a network, with Nora as its first admin."""
    result = run(*INIT, "--network", "Maple Valley", typed=PASSWORD)
    assert result.exit_code == 0, result.output
    return run


INIT = (
    "init", "--given-name", "Nora", "--family-name", "", "--email", "Nora@example.org", "--password-file", "-",
)  # fmt: skip


def refused(result: Result, sentence: str) -> bool:
    """One line on stderr that says so, exit status 1, no traceback."""
    is_one_line = len(result.stderr.strip().splitlines()) == 1
    return result.exit_code == 1 and is_one_line and sentence in result.stderr
