"""Rows in every table of a database, made from what the database itself says of its columns: no model is asked.

Each table gets a bare row, with nothing but what it must have, and a full one, with texts as long as they may be.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

BARE, FULL, GUARDIAN = range(3)

#: Tables with more than a bare and a full row.
ROWS = {"accounts": (BARE, FULL, GUARDIAN)}

#: Tables into which triggers wrote rows of the same keys when others were filled.
BY_TRIGGERS = {"school_rosters"}

#: What stands in columns of few values, row for row: a revision may look for it. The others get any text.
WORDS: dict[str, tuple[Any, ...]] = {
    "access_codes.ending": ("reset", "closed"),
    "accounts.kind": ("staff", "staff", "guardian"),
    "attendance_days.status": ("late", "absent"),
    "batch_students.outcome": ("done", "left"),
    "batches.act": ("enable", "export"),
    "classes.kind": ("course", "homeroom"),
    "events.kind": ("signed in", "code reset"),
    "field_changes.field": ("safety_net", "diploma_type"),
    "jobs.kind": ("letters", "letters"),
    "memberships.level": ("no_access", "school_admin"),
    "network_memberships.level": ("no_network_access", "network_admin"),
    "network_totals.band": ("all", "high"),
    "outbox.kind": ("login_instructions", "invitation"),
    "pairings.revocation_reason": ("mistake", "custody"),
    "point_people.kind": ("attendance", "credits"),
    "school_totals.band": ("all", "high"),
    "schools.hidden_sections": ([], ["attendance"]),
    "schools.time_zone": ("UTC", "America/Chicago"),
    "students.safety_net": ("no", "yes"),
    "supports.category": ("academic", "attendance"),
}

#: The value of a column for a row of that number, by the first of these types that the column has.
VALUES: list[tuple[type, Callable[[Any, int], Any]]] = [
    (JSON, lambda _column, number: {"números": [number, None], "漢字": "🙂"}),
    (Boolean, lambda _column, number: number == FULL),
    (Integer, lambda _column, number: number + 1),
    (DateTime, lambda _column, number: datetime(2026, 9, 1, 8, number, tzinfo=UTC)),
    (Date, lambda _column, number: date(2026, 9, 1 + number)),
    (LargeBinary, lambda _column, number: bytes([number, 255]) * 16),
    (String, lambda column, number: (f"{number} Ñandú 漢字 🙂 " * 250)[: column.type.length]),
]

#: The key of each row so far, by its table and number.
Keys = defaultdict[str, dict[int, Any]]


def fill(connection: Connection) -> None:
    """Put rows into every table that there is at this moment."""
    keys: Keys = defaultdict(dict)
    for table in tables(connection):
        if table.name in BY_TRIGGERS:
            connection.execute(table.delete())
        for number in ROWS.get(table.name, (BARE, FULL)):
            added = connection.execute(table.insert().values(_row(table, number, keys)))
            keys[table.name][number] = added.inserted_primary_key[0]


def tables(connection: Connection) -> list[Table]:
    """Each table of ours as the database describes it; those that it refers to come before it."""
    described = MetaData()
    described.reflect(connection)
    return [table for table in described.sorted_tables if table.name != "alembic_version"]


def _row(table: Table, number: int, keys: Keys) -> dict[str, Any]:
    wanted = [column for column in table.columns if column is not table.autoincrement_column]
    if number == BARE:
        wanted = [column for column in wanted if not column.nullable and column.server_default is None]
    return {column.name: _value(column, number, keys) for column in wanted}


def _value(column: Column[Any], number: int, keys: Keys) -> Any:
    if column.foreign_keys:
        rows = keys[next(iter(column.foreign_keys)).column.table.name]
        return rows.get(GUARDIAN if column.name == "guardian_id" else number, rows[BARE])
    if words := WORDS.get(f"{column.table.name}.{column.name}"):
        return words[number]
    return next(value for type_, value in VALUES if isinstance(column.type, type_))(column, number)
