"""A filled database of every revision since the baseline is upgraded to the newest, and nothing is lost."""

import os
import textwrap
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, Table, func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from portal.commands.tables import close_connections, database_app
from portal.config import Settings
from portal.db import db, migrating
from portal.db.schema import BASELINE, MIGRATIONS, revisions
from tests.commands.installing import Run, database, home, keys_of_other_tests, run
from tests.db.filling import fill, tables

__all__ = ["database", "home", "keys_of_other_tests", "run"]  # fixtures

#: The rows of each table.
Content = dict[str, list[dict[str, Any]]]

#: In their order.
REVISIONS = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]

#: What a revision took away on purpose, as "table" or "table.column", and where its values are now.
GONE: dict[str, str] = {}
TRIGGERS_GONE: set[str] = set()

#: What the database refuses.
CHANGES_OF_RECORDS = (
    "UPDATE events SET kind = kind", "DELETE FROM events",
    "UPDATE field_changes SET field = field", "DELETE FROM field_changes",
    "UPDATE former_notes SET text = text", "DELETE FROM former_notes", "DELETE FROM notes",
)  # fmt: skip

#: What leaves a mark for each school, or each network, in the tables of marks.
CHANGES_THAT_COUNT = ("UPDATE students SET grade = 1", "UPDATE networks SET name = name")

#: A revision after the newest.
TRIAL = """
import sqlalchemy as sa
from alembic import op

from migrations.rebuild import altered

revision = "9999"
down_revision = "{newest}"


def upgrade():
{body}
"""

REBUILDING = """
with altered("students") as students:
    students.add_column(sa.Column("trial", sa.String(20), nullable=False, server_default="none"))
    students.alter_column("given_name", type_=sa.String(200))
"""

BREAKING = """
op.add_column("students", sa.Column("trial", sa.String(20)))
op.execute("DELETE FROM network_totals")
op.execute("DELETE FROM networks")
"""


@pytest.fixture
def empty(home: Path, database: None) -> Iterator[Flask]:
    """A database of its own, without tables."""
    app = database_app(Settings.read())
    with app.app_context():
        yield app
        close_connections()


@pytest.fixture(params=REVISIONS)
def filled(empty: Flask, request: pytest.FixtureRequest) -> Content:
    """That database at each revision, with rows in every table."""
    return filled_at(request.param)


@pytest.fixture
def upgraded(filled: Content, run: Run) -> Content:
    """That database, upgraded from each revision to the newest; what it held before."""
    result = run("db", "upgrade")
    assert result.exit_code == 0, result.output
    return filled


def test_every_table_and_column_is_filled(filled: Content):
    assert set(inspect(db.engine).get_table_names()) == {*filled, "alembic_version"}
    with db.engine.connect() as connection:
        assert [gap for table in tables(connection) for gap in gaps(table, filled[table.name])] == []


def test_an_upgrade_loses_no_value(upgraded: Content):
    assert lost(upgraded, content()) - set(GONE) == set()


def test_after_an_upgrade_every_reference_holds(upgraded: Content):
    with db.engine.connect() as connection:
        assert [broken for table in tables(connection) for broken in dangling(connection, table)] == []


def test_after_an_upgrade_models_and_migrations_agree(upgraded: Content, run: Run):
    assert run("db", "check").exit_code == 0


def test_after_an_upgrade_records_cannot_be_changed(upgraded: Content):
    for statement in CHANGES_OF_RECORDS:
        with pytest.raises(DBAPIError, match=r"append-only|never deleted"), db.engine.begin() as connection:
            connection.execute(text(statement))


def test_after_an_upgrade_what_changes_totals_leaves_marks(upgraded: Content):
    with db.engine.begin() as connection:
        for statement in ("DELETE FROM school_changes", "DELETE FROM network_changes", *CHANGES_THAT_COUNT):
            connection.execute(text(statement))

    now = content()
    assert {row["school_id"] for row in now["school_changes"]} == {row["id"] for row in now["schools"]}
    assert {row["network_id"] for row in now["network_changes"]} == {row["id"] for row in now["networks"]}


@pytest.mark.parametrize("revision", REVISIONS)
def test_an_upgrade_loses_no_trigger(empty: Flask, run: Run, revision: str):
    migrating.upgrade(revision)
    before = triggers()
    assert run("db", "upgrade").exit_code == 0

    assert len(before) > 40
    assert before - triggers() - TRIGGERS_GONE == set()


def test_a_table_that_rows_and_triggers_depend_on_can_be_rebuilt(empty: Flask, tmp_path: Path):
    before, named = filled_at(REVISIONS[-1]), triggers()

    upgrade_by(REBUILDING, tmp_path)

    assert lost(before, content()) == set()
    assert triggers() == named
    assert [row["trial"] for row in content()["students"]] == ["none", "none"]


def test_a_revision_that_breaks_a_reference_is_undone(empty: Flask, tmp_path: Path):
    before = filled_at(REVISIONS[-1])

    with pytest.raises((DBAPIError, RuntimeError), match=r"foreign key|refer to nothing"):
        upgrade_by(BREAKING, tmp_path)

    assert content() == before


def test_no_revision_is_changed_or_removed():
    recorded = (MIGRATIONS / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    found = [path for folder in ("baseline", "versions") for path in (MIGRATIONS / folder).glob("*.py")]

    assert sorted(recorded) == sorted(
        f"{sha256(path.read_bytes()).hexdigest()}  {path.relative_to(MIGRATIONS).as_posix()}"
        for path in found
    )
    assert REVISIONS[0] == BASELINE


def test_files_are_named_and_ordered_after_their_revisions():
    assert revisions() == REVISIONS


def filled_at(revision: str) -> Content:
    migrating.upgrade(revision)
    with db.engine.begin() as connection:
        fill(connection)
    return content()


def content() -> Content:
    with db.engine.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in tables(connection)
        }


def triggers() -> set[str]:
    if db.engine.dialect.name == "sqlite":
        names = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        names = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    with db.engine.connect() as connection:
        return set(connection.scalars(text(names)))


def gaps(table: Table, rows: list[dict[str, Any]]) -> Iterator[str]:
    """Columns that hold a value in no row, or in every row although they need none."""
    for column in table.columns:
        values = [row[column.name] for row in rows]
        if all(value is None for value in values):
            yield f"{column} holds nothing"
        if column.nullable and None not in values:
            yield f"{column} is never empty"


def lost(before: Content, after: Content) -> set[str]:
    """Tables and columns that are gone; tables in which a row is gone, or has other values."""
    found = set(before) - set(after)
    for name in set(before) & set(after):
        columns = {column for row in after[name] for column in row}
        found |= {f"{name}.{column}" for row in before[name] for column in set(row) - columns}
        kept = [{column: row[column] for column in row if column in columns} for row in before[name]]
        if any(all(row | each != row for row in after[name]) for each in kept):
            found.add(f"rows of {name}")
    return found


def dangling(connection: Connection, table: Table) -> Iterator[str]:
    """Columns in which a row refers to another that does not exist."""
    for column in table.columns:
        for key in column.foreign_keys:
            broken = select(func.count()).select_from(table).where(column.not_in(select(key.column)))
            if connection.scalar(broken):
                yield str(column)


def upgrade_by(body: str, folder: Path) -> None:
    """Apply one revision more than there is."""
    revision = TRIAL.format(newest=REVISIONS[-1], body=textwrap.indent(body, "    "))
    (folder / "9999_trial.py").write_text(revision, encoding="utf-8")
    config = migrating.configuration()
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", os.pathsep.join([str(MIGRATIONS / "versions"), str(folder)]))
    command.upgrade(config, "head")
