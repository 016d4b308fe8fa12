"""The operator's commands: what they do, and one line when they cannot."""

import socket
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text

from portal.commands.checkup import has_wal_race
from portal.config import Settings
from portal.crypto.key_ring import KeyRing
from portal.policy.permissions import Permission
from tests.commands.installing import (
    INIT,
    PASSWORD,
    Run,
    database,
    home,
    installed,
    keys_of_other_tests,
    refused,
    run,
)

__all__ = ["database", "home", "installed", "keys_of_other_tests", "run"]  # fixtures


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


@pytest.mark.parametrize("command", ["serve", "worker", "doctor", "db check"])
def test_with_migrations_pending_it_says_what_to_do(run: Run, home: Path, command: str):
    home.mkdir()
    KeyRing.create(home / "keys.json")

    assert refused(run(*command.split()), "run `portal db upgrade` first")


@pytest.mark.parametrize(
    ("revision", "sentence"),
    [("0023", "bring it there with an older version"), ("9999", "install the newer version that made it")],
)
def test_with_a_database_of_another_version_it_says_what_to_do(
    installed: Run, home: Path, revision: str, sentence: str
):
    with create_engine(Settings.read().database, poolclass=NullPool).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})

    for command in ("serve", "worker", "doctor", "db check", "db upgrade"):
        assert refused(installed(*command.split()), sentence)
    assert refused(installed(*INIT, "--network", "Maple", typed=PASSWORD), sentence)


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
