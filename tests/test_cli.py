"""The operator's commands: what they do, and one line when they cannot."""

import multiprocessing
import os
import secrets
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import URL, create_engine, make_url, text

from portal import create_app, db, keys
from portal.cli import main
from portal.commands.checkup import has_wal_race
from portal.key_ring import KeyRing
from portal.permissions import Permission

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


def test_init_makes_an_installation_that_is_well(installed: Run, home: Path):
    assert home.stat().st_mode & 0o777 == 0o700
    assert (home / "keys.json").stat().st_mode & 0o777 == 0o400
    report = installed("doctor")
    assert report.exit_code == 0
    assert "every migration is applied" in report.stdout


def test_init_asks_for_what_it_is_not_told(run: Run):
    answers = ["", "Lincoln", "LIN", "America/Chicago", "Hana", "", "hana@example.org", PASSWORD, PASSWORD]

    result = run("init", typed="\n".join(answers) + "\n")

    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output


def test_init_overwrites_nothing(installed: Run, home: Path):
    before = (home / "keys.json").read_bytes()

    assert refused(installed(*INIT, "--network", "Other", typed=PASSWORD), "already; it was left as it is")
    assert (home / "keys.json").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "password", "sentence"),
    [
        (["--network", "Maple"], "short", "The password is too weak."),
        (["--network", "Maple", "--school", "Lincoln"], PASSWORD, "Give a network or a single school"),
        (
            ["--school", "Lincoln", "--school-identifier", "", "--time-zone", "Mars"],
            PASSWORD,
            "is no time zone",
        ),
        (["--network", "Maple", "--email", "nobody"], PASSWORD, "is not an email address"),
    ],
)
def test_init_that_is_refused_leaves_nothing_to_sign_in_with(
    run: Run, home: Path, arguments: list[str], password: str, sentence: str
):
    assert refused(run(*INIT, *arguments, typed=password), sentence)
    assert not (home / "keys.json").exists()
    assert run(*INIT, "--network", "Maple", typed=PASSWORD).exit_code == 0


@pytest.mark.parametrize("command", ["serve", "worker", "doctor"])
def test_without_an_installation_it_says_what_to_do(run: Run, command: str):
    assert refused(run(command), "run `portal init` first")


@pytest.mark.parametrize("command", ["serve", "worker", "doctor"])
def test_with_migrations_pending_it_says_what_to_do(run: Run, home: Path, command: str):
    home.mkdir()
    KeyRing.create(home / "keys.json")

    assert refused(run(command), "run `portal db upgrade` first")


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("PORTAL_BASE_URL", "http://portal.example.org"),
        ("PORTAL_TRUSTED_PROXIES", "many"),
        ("PORTAL_SMTP_SECURITY", "perhaps"),
        ("PORTAL_SCHOOL_NETWORKS", "the school"),
        ("DATABASE_URL", "mysql://somewhere"),
        ("PORT", "http"),
    ],
)
def test_a_wrong_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch, name: str, wrong: str):
    monkeypatch.setenv(name, wrong)

    for command in ("serve", "worker", "doctor"):
        assert refused(run(command), f"{name}: ")


def test_an_unreachable_database_is_said_without_its_password(
    installed: Run, monkeypatch: pytest.MonkeyPatch
):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("DATABASE_URL", f"postgresql://portal:hush-hush@127.0.0.1:{port}/portal")

    result = installed("serve")

    assert refused(result, "The database cannot be reached")
    assert "hush-hush" not in result.output


def test_a_taken_port_is_said(installed: Run, monkeypatch: pytest.MonkeyPatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))

        assert refused(installed("serve"), "is taken")


def test_a_key_ring_that_others_can_read_is_refused(installed: Run, home: Path):
    (home / "keys.json").chmod(0o444)

    assert refused(installed("serve"), "open to other users")


def test_doctor_finds_a_clock_that_was_set_back(installed: Run, time_machine):
    time_machine.move_to("2020-01-01")

    report = installed("doctor")

    assert report.exit_code == 1
    assert "the clock was set back" in report.stdout


def test_doctor_finds_a_mail_server_that_is_down(installed: Run, monkeypatch: pytest.MonkeyPatch):
    with socket.create_server(("127.0.0.1", 0)) as free:
        monkeypatch.setenv("PORTAL_SMTP_PORT", str(free.getsockname()[1]))
    monkeypatch.setenv("PORTAL_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("PORTAL_MAIL_FROM", "portal@example.org")

    report = installed("doctor")

    assert report.exit_code == 1
    assert "FAILED   mail" in report.stdout


@pytest.mark.parametrize(
    ("version", "is_racy"),
    [
        ((3, 40, 1), True), ((3, 44, 5), True), ((3, 44, 6), False), ((3, 45, 0), True), ((3, 50, 7), False),
        ((3, 51, 2), True), ((3, 51, 3), False), ((3, 52, 0), False), ((3, 6, 23), False),
    ],
)  # fmt: skip
def test_sqlite_versions_that_can_lose_a_write(version: tuple[int, int, int], is_racy: bool):
    assert has_wal_race(version) is is_racy


def test_invite_owes_a_mail(installed: Run):
    assert installed("invite", "nora@example.org").exit_code == 0
    assert refused(installed("invite", "nobody@example.org"), "No staff account has the email")


def test_the_policy_is_printed(run: Run):
    lines = run("show-policy").stdout

    assert all(permission.value in lines for permission in Permission)


def test_db_check_finds_drift(run: Run, home: Path):
    assert run("db", "upgrade").exit_code == 0
    assert run("db", "check").exit_code == 0

    if (home / "portal.db").exists():
        with sqlite3.connect(home / "portal.db") as connection:
            connection.execute("ALTER TABLE networks ADD COLUMN motto TEXT")
        connection.close()
        drifted = run("db", "check")
        assert drifted.exit_code == 1
        assert "Models and migrations differ." in drifted.stderr


def test_it_serves(installed: Run):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "from portal.cli import main; main()", "serve"]
    with subprocess.Popen(
        command,
        env=os.environ | {"PORT": str(port)},  # noqa: TID251
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=Path(__file__).parent.parent,
    ) as process:
        try:
            answer = _opened(f"http://127.0.0.1:{port}/healthz", process)
            process.terminate()
            process.wait(timeout=60)
        finally:
            process.kill()
    assert answer == b'{"status":"ok"}\n'


def _opened(address: str, process: subprocess.Popen[str]) -> bytes:
    """What the address answers, as soon as somebody listens there."""
    while process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:
                return bytes(answer.read())
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError):
                raise
    raise AssertionError(process.stdout.read() if process.stdout else "it ended")


def test_a_forked_process_makes_connections_of_its_own(installed: Run):
    """As under a server that loads the application before it forks its workers."""
    app = create_app()
    with app.app_context():
        db.session.execute(text("SELECT 1"))
        before = [
            db.db.engines[name].pool.checkedin() + db.db.engines[name].pool.checkedout()
            for name in db.db.engines
        ]
        child = multiprocessing.get_context("fork").Process(target=_use_no_inherited_connection)
        child.start()
        child.join()
        db.session.remove()
        for engine in db.db.engines.values():
            engine.dispose()
    assert any(before)
    assert child.exitcode == 0


def _use_no_inherited_connection() -> None:
    pools = [engine.pool.checkedin() for engine in db.db.engines.values()]
    os._exit(sum(pools))
