"""`portal roster` at the shell."""

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from portal import db
from portal.cli import main
from portal.commands.roster import roster
from portal.models import Student
from tests.roster.bundles import USERS, as_folder, bundle, without


@pytest.fixture
def shell(app, settings, monkeypatch):
    """Run a command as the operator, on the database of the test."""
    monkeypatch.setenv("PORTAL_HOME", str(settings.home))
    monkeypatch.setenv("PORTAL_BASE_URL", settings.base_url)
    monkeypatch.setenv("DATABASE_URL", settings.database)

    if "roster" not in main.commands:
        monkeypatch.setitem(main.commands, "roster", roster)
    return lambda *words: CliRunner().invoke(main, ["roster", *map(str, words)])


def students():
    db.session.rollback()
    return db.session.scalar(select(func.count(Student.id)).where(Student.left_at.is_(None)))


def test_a_preview_prints_a_table_and_changes_nothing(shell, tmp_path):
    result = shell("preview", as_folder(tmp_path, bundle()))

    assert result.exit_code == 0, result.output
    assert ["students", "2", "0", "0", "0"] in [line.split() for line in result.stdout.splitlines()]
    assert students() == 0


def test_applying_prints_what_was_done(shell, tmp_path):
    result = shell("apply", as_folder(tmp_path, bundle()))

    assert result.exit_code == 0, result.output
    assert ["students", "2", "0", "0", "0"] in [line.split() for line in result.stdout.splitlines()]
    assert students() == 2


def test_the_second_time_there_is_nothing_to_do(shell, tmp_path):
    path = as_folder(tmp_path, bundle())
    shell("apply", path)

    assert "Nothing is different" in shell("apply", path).stdout


def test_problems_are_listed_by_file_line_and_column(shell, tmp_path):
    result = shell("preview", as_folder(tmp_path, bundle(users=USERS.replace(",02,", ",99,"))))

    assert "users.csv:2:grades: remark: Grade 99" in result.stdout


def test_what_is_no_roster_is_refused_in_one_line(shell, tmp_path):
    path = tmp_path / "roster.zip"
    path.write_bytes(b"PK, but no zip")

    result = shell("apply", path)

    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1].startswith("portal: This zip file is broken")


def test_too_many_gone_is_refused_unless_it_is_meant(shell, tmp_path):
    shell("apply", as_folder(tmp_path / "first", bundle()))
    path = as_folder(tmp_path / "second", bundle(users=without(USERS, "noah")))

    looked_at, refused = shell("preview", path), shell("apply", path)

    assert (looked_at.exit_code, refused.exit_code) == (1, 1)
    assert "1 of 2 students are not in this file" in refused.stderr
    assert students() == 2

    assert shell("apply", path, "--override").exit_code == 0
    assert students() == 1
