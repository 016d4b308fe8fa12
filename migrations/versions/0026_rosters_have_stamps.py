"""A stamp for the roster of each school: triggers change it whenever a filter of a list may offer something else.

Those filters offer the grades and homerooms that have students, and the courses: triggers are on students and classes,
for the columns that decide. Enrolments have none: on SQLite a first trigger doubles the time in which rows are added.
The stamp is a random number there. On PostgreSQL it is the transaction, so that a transaction of many rows writes it
once.
"""

from collections.abc import Iterator
from itertools import product

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

ROSTERS = sa.table("school_rosters", sa.column("school_id", sa.Integer), sa.column("stamp", sa.BigInteger))
SCHOOLS = sa.table("schools", sa.column("id", sa.Integer))

ROWS = {"insert": ("NEW",), "update": ("NEW", "OLD"), "delete": ("OLD",)}

#: The table, and its columns that decide.
TOLD = {
    "students": ("school_id", "homeroom_id", "grade", "left_at"),
    "classes": ("school_id", "kind", "title", "ended_at"),
}

SQLITE = "CREATE TRIGGER {table}_{verb}_changes_roster AFTER {event} ON {table} {condition} BEGIN {marks} END"

SQLITE_MARK = """
INSERT INTO school_rosters (school_id, stamp) VALUES ({row}.school_id, random())
ON CONFLICT (school_id) DO UPDATE SET stamp = excluded.stamp;
"""

POSTGRESQL_STAMP = """
CREATE FUNCTION change_roster(school integer) RETURNS void LANGUAGE sql AS $$
INSERT INTO school_rosters (school_id, stamp) SELECT school, txid_current()
WHERE NOT EXISTS (
    SELECT 1 FROM school_rosters AS known WHERE known.school_id = school AND known.stamp = txid_current()
)
ON CONFLICT (school_id) DO UPDATE SET stamp = excluded.stamp;
$$
"""

POSTGRESQL = """
CREATE FUNCTION change_roster_by_{table}_{verb}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
{marks}
RETURN NULL; END $$;
CREATE TRIGGER {table}_{verb}_changes_roster AFTER {event} ON {table}
FOR EACH ROW {condition} EXECUTE FUNCTION change_roster_by_{table}_{verb}();
"""


def upgrade() -> None:
    op.create_table(
        "school_rosters",
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_school_rosters_school_id_schools")
        ),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_school_rosters")),
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    first = sa.func.random() if is_sqlite else sa.func.txid_current()
    op.execute(ROSTERS.insert().from_select(["school_id", "stamp"], sa.select(SCHOOLS.c.id, first)))
    for statement in on_sqlite() if is_sqlite else on_postgresql():
        op.get_bind().exec_driver_sql(statement)


def on_sqlite() -> Iterator[str]:
    """One statement a trigger."""
    for table, verb in product(TOLD, ROWS):
        marks = "".join(SQLITE_MARK.format(row=row) for row in ROWS[verb])
        yield SQLITE.format(marks=marks, **_words(table, verb, "IS NOT"))


def on_postgresql() -> Iterator[str]:
    """The function of each trigger, and the trigger."""
    yield POSTGRESQL_STAMP
    for table, verb in product(TOLD, ROWS):
        marks = "\n".join(f"PERFORM change_roster({row}.school_id);" for row in ROWS[verb])
        yield POSTGRESQL.format(marks=marks, **_words(table, verb, "IS DISTINCT FROM"))


def _words(table: str, verb: str, differs: str) -> dict[str, str]:
    """What the patterns of triggers need. An update counts where it changes one of the columns that decide."""
    columns = TOLD[table]
    changes = " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)
    is_update = verb == "update"
    return {
        "table": table,
        "verb": verb,
        "event": f"UPDATE OF {', '.join(columns)}" if is_update else verb.upper(),
        "condition": f"WHEN ({changes})" if is_update else "",
    }
