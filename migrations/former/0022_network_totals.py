"""Totals of each network, and triggers that note whatever they no longer hold."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

MEASURES = (
    "enrolled", "enabled", "with_one", "with_two", "without_point_person", "days_known", "days_absent",
)  # fmt: skip
SUMS = (
    "supports", "school_admin", "delegated_admin", "school_wide_editor", "school_wide_viewer",
    "caseload_editor", "caseload_viewer", "no_access", "schools",
)  # fmt: skip

#: What is added up, or says whether it is: the table, whom its marks name, and in which column a row says it.
#: Which networks a marked school is in is looked up later: one that is joining at this moment is not seen yet.
ADDED_UP = {
    "networks": ("network_id", "id"),
    "network_schools": ("network_id", "network_id"),
    "schools": ("school_id", "id"),
    "school_totals": ("school_id", "school_id"),
    "school_counts": ("school_id", "school_id"),
    "staff_counts": ("school_id", "school_id"),
}
ROWS = {"INSERT": ("NEW",), "UPDATE": ("NEW", "OLD"), "DELETE": ("OLD",)}
#: Those that are new or gone are in no network.
VERBS = {"networks": ("UPDATE",), "schools": ("UPDATE",)}

#: One mark is enough where nobody else writes meanwhile.
SQLITE = """
CREATE TRIGGER {table}_{verb}_is_added_up AFTER {verb} ON {table} BEGIN {marks} END
"""
MARK = """
INSERT INTO network_changes ({whom}) SELECT {row}.{column}
WHERE NOT EXISTS (SELECT 1 FROM network_changes WHERE {whom} = {row}.{column});
"""

#: Each statement leaves its own marks: to look for another's would be to wait for it.
POSTGRESQL = """
CREATE FUNCTION note_sum_of_{table}_{verb}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
INSERT INTO network_changes ({whom}) SELECT DISTINCT {column} FROM ({rows}) AS changed;
RETURN NULL; END $$;
CREATE TRIGGER {table}_{verb}_is_added_up AFTER {verb} ON {table} REFERENCING {named}
FOR EACH STATEMENT EXECUTE FUNCTION note_sum_of_{table}_{verb}();
"""
CHANGED = "SELECT {column} FROM {row}_rows"
NAMED = {"NEW": "NEW TABLE AS new_rows", "OLD": "OLD TABLE AS old_rows"}


def upgrade() -> None:
    op.create_table(
        "network_totals",
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.Column("band", sa.String(length=12), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in MEASURES),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in SUMS),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fresh_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["network_id"], ["networks.id"], name="fk_network_totals_network_id_networks"
        ),
        sa.PrimaryKeyConstraint("network_id", "band", name="pk_network_totals"),
    )
    op.create_table(
        "network_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=True),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["network_id"], ["networks.id"], name="fk_network_changes_network_id_networks"
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name="fk_network_changes_school_id_schools"),
        sa.PrimaryKeyConstraint("id", name="pk_network_changes"),
    )
    op.create_index("ix_network_changes_network_id", "network_changes", ["network_id"])
    op.create_index("ix_network_changes_school_id", "network_changes", ["school_id"])
    op.create_index("ix_schools_left_at_name", "schools", ["left_at", "name"])
    for table, verb in _triggers():
        op.execute(_trigger(table, verb))
    # The default stays: to take it away, SQLite would rebuild the table, and lose the triggers that count it.
    op.add_column(
        "school_totals", sa.Column("students_known", sa.Integer(), nullable=False, server_default="0")
    )
    op.execute("INSERT INTO school_changes (school_id) SELECT id FROM schools")


def downgrade() -> None:
    op.execute("DELETE FROM school_totals WHERE band = 'ungraded'")
    op.drop_column("school_totals", "students_known")
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for table, verb in _triggers():
        on_table = f" ON {table}" if is_postgresql else ""
        op.execute(f"DROP TRIGGER {table}_{verb.lower()}_is_added_up{on_table}")
        if is_postgresql:
            op.execute(f"DROP FUNCTION note_sum_of_{table}_{verb.lower()}()")
    op.drop_index("ix_schools_left_at_name", "schools")
    op.drop_table("network_changes")
    op.drop_table("network_totals")


def _triggers() -> list[tuple[str, str]]:
    return [(table, verb) for table in ADDED_UP for verb in VERBS.get(table, ROWS)]


def _trigger(table: str, verb: str) -> str:
    (whom, column), rows = ADDED_UP[table], ROWS[verb]
    words = {"table": table, "verb": verb.lower(), "whom": whom, "column": column}
    if op.get_bind().dialect.name != "postgresql":
        marks = "".join(MARK.format(row=row, **words) for row in rows)
        return SQLITE.format(marks=marks, **words)
    changed = " UNION ALL ".join(CHANGED.format(row=row.lower(), **words) for row in rows)
    return POSTGRESQL.format(rows=changed, named=" ".join(NAMED[row] for row in rows), **words)
