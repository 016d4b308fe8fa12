"""The baseline makes exactly the schema that the 24 revisions before it made, but for the order of columns."""

import re
from collections.abc import Iterator

import pytest
from alembic import command
from flask import current_app
from sqlalchemy import Connection, text

from portal.commands.readiness import database_app, let_go_of_connections
from portal.config import Settings
from portal.db import db
from portal.db.schema import MIGRATIONS
from tests.commands.installing import database, home, keys_of_other_tests

__all__ = ["database", "home", "keys_of_other_tests"]  # fixtures

#: What the catalogue of PostgreSQL says, by statements that each give one line a row.
CATALOGUE = (
    """SELECT concat('column ', to_jsonb(columns) - ARRAY['ordinal_position', 'dtd_identifier', 'table_catalog',
       'udt_catalog']) FROM information_schema.columns WHERE table_schema = 'public'""",
    """SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated)
       FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "SELECT concat_ws(' ', 'index', indexdef) FROM pg_indexes WHERE schemaname = 'public'",
    """SELECT concat_ws(' ', 'trigger', pg_get_triggerdef(oid), tgenabled)
       FROM pg_trigger WHERE NOT tgisinternal""",
    """SELECT concat_ws(' ', 'function', pg_get_functiondef(oid))
       FROM pg_proc WHERE pronamespace = 'public'::regnamespace""",
    "SELECT concat('sequence ', to_jsonb(sequences) - 'sequence_catalog') FROM information_schema.sequences",
    """SELECT concat_ws(' ', 'relation', relkind, relname)
       FROM pg_class WHERE relnamespace = 'public'::regnamespace""",
)
FIELDS = {
    "table_xinfo": 'name, type, "notnull", dflt_value, pk, hidden',
    "foreign_key_list": '"table", "from", "to", on_update, on_delete, match',
    "index_list": '"unique", origin, partial',
}
COLUMNS_OF_INDEX = """
    SELECT group_concat(name || ' ' || desc || ' ' || coll || ' ' || key, ', ')
    FROM (SELECT * FROM pragma_index_xinfo(:name) ORDER BY seqno)
"""


@pytest.fixture
def app(home, database):
    with database_app(Settings.read()).app_context():
        yield
        let_go_of_connections()


def test_the_baseline_makes_the_schema_of_the_former_revisions(app):
    former = made_by("former")
    start_afresh()
    baseline = made_by("versions")

    assert len(former) > 700
    assert former - baseline == set()
    assert baseline - former == set()


def test_neither_leaves_rows_behind(app):
    for folder in ("former", "versions"):
        upgrade(folder)
        with db.engine.connect() as connection:
            for table in db.metadata.tables:
                assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0
        start_afresh()


def made_by(folder: str) -> set[str]:
    upgrade(folder)
    with db.engine.connect() as connection:
        lines = sqlite(connection) if db.engine.dialect.name == "sqlite" else postgresql(connection)
        return {" ".join(line.split()) for line in lines}


def upgrade(folder: str) -> None:
    config = current_app.extensions["migrate"].migrate.get_config()
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", str(MIGRATIONS / folder))
    command.upgrade(config, "head")
    db.session.remove()


def start_afresh() -> None:
    let_go_of_connections()
    if db.engine.dialect.name == "sqlite":
        Settings.read().home.joinpath("portal.db").unlink()
    else:
        with db.engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))


def sqlite(connection: Connection) -> Iterator[str]:
    for kind, name, table, sql in connection.execute(
        text("SELECT type, name, tbl_name, sql FROM sqlite_master")
    ):
        if kind == "table":
            yield from described(connection, name, sql)
        elif kind == "index":
            is_named = not name.startswith("sqlite_autoindex")
            of = connection.scalar(text(COLUMNS_OF_INDEX), {"name": name})
            yield f"index {name if is_named else 'auto'} of {table}: {of} {sql}"
        else:
            yield f"{kind} {name} of {table}: {sql}"


def described(connection: Connection, table: str, sql: str) -> Iterator[str]:
    for part in parts(sql):
        yield f"{table}: {part}"
    for pragma, fields in FIELDS.items():
        rows = connection.execute(text(f"SELECT {fields} FROM pragma_{pragma}(:name)"), {"name": table})
        yield from (f"{pragma} {table}: {tuple(row)}" for row in rows)


def parts(sql: str) -> list[str]:
    """The columns and constraints of a CREATE TABLE, and what stands before and behind them.

    A table that was rebuilt has its name in quotation marks, and its defaults in brackets.
    """
    sql = re.sub(r"DEFAULT \(([^()]*)\)", r"DEFAULT \1", sql)
    begin, body, end = re.fullmatch(r"CREATE TABLE ([^(]+)\((.*)\)([^)]*)", sql, re.DOTALL).groups()
    return [begin.replace('"', ""), end, *(part.strip() for part in re.split(r",(?![^(]*\))", body))]


def postgresql(connection: Connection) -> Iterator[str]:
    for statement in CATALOGUE:
        yield from connection.scalars(text(statement))
