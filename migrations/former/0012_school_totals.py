"""Totals of each school, and triggers that note whatever changes them."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

LEVELS = (
    "school_admin", "delegated_admin", "school_wide_editor", "school_wide_viewer", "caseload_editor",
    "caseload_viewer", "no_access",
)  # fmt: skip

SNAPSHOT = (
    "enrolled", "enabled", "with_one", "with_two", "without_point_person", "days_known", "days_absent",
    "supports_running",
)  # fmt: skip

#: What is counted: the table, and how a row of it leads to the school.
OF_STUDENT = "(SELECT school_id FROM students WHERE id = {row}.student_id)"
COUNTED = {
    "students": "{row}.school_id",
    "access_codes": OF_STUDENT,
    "pairings": OF_STUDENT,
    "point_people": OF_STUDENT,
    "attendance_years": OF_STUDENT,
    "supports": "{row}.school_id",
    "memberships": "{row}.school_id",
    "school_years": "{row}.school_id",
}
ROWS = {"INSERT": ("NEW",), "UPDATE": ("NEW", "OLD"), "DELETE": ("OLD",)}

#: One mark is enough where nobody else writes meanwhile.
SQLITE = """
CREATE TRIGGER {table}_{verb}_is_counted AFTER {verb} ON {table} BEGIN {marks} END
"""
MARK = """
INSERT INTO school_changes (school_id) SELECT {school} WHERE {school} IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM school_changes WHERE school_id = {school});
"""

#: Each statement leaves its own marks: to look for another's would be to wait for it.
POSTGRESQL = """
CREATE FUNCTION note_{table}_{verb}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
INSERT INTO school_changes (school_id) SELECT school_id FROM ({schools}) AS found WHERE school_id IS NOT NULL;
RETURN NULL; END $$;
CREATE TRIGGER {table}_{verb}_is_counted AFTER {verb} ON {table} REFERENCING {named}
FOR EACH STATEMENT EXECUTE FUNCTION note_{table}_{verb}();
"""
SCHOOLS = "SELECT {school} AS school_id FROM {rows}"
NAMED = {"NEW": "NEW TABLE AS new_rows", "OLD": "OLD TABLE AS old_rows"}


def upgrade() -> None:
    op.create_table(
        "school_totals",
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("band", sa.String(length=12), nullable=False),
        sa.Column("enrolled", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Integer(), nullable=False),
        sa.Column("with_one", sa.Integer(), nullable=False),
        sa.Column("with_two", sa.Integer(), nullable=False),
        sa.Column("without_point_person", sa.Integer(), nullable=False),
        sa.Column("days_known", sa.Integer(), nullable=False),
        sa.Column("days_absent", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name="fk_school_totals_school_id_schools"),
        sa.PrimaryKeyConstraint("school_id", "band", name="pk_school_totals"),
    )
    op.create_index("ix_school_totals_band_school_id", "school_totals", ["band", "school_id"])
    op.create_table(
        "school_counts",
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fresh_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("supports_running", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name="fk_school_counts_school_id_schools"),
        sa.PrimaryKeyConstraint("school_id", name="pk_school_counts"),
    )
    op.create_table(
        "staff_counts",
        sa.Column("school_id", sa.Integer(), nullable=False),
        *(sa.Column(level, sa.Integer(), nullable=False) for level in LEVELS),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name="fk_staff_counts_school_id_schools"),
        sa.PrimaryKeyConstraint("school_id", name="pk_staff_counts"),
    )
    op.create_table(
        "school_snapshots",
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in SNAPSHOT),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name="fk_school_snapshots_school_id_schools"),
        sa.PrimaryKeyConstraint("school_id", "day", name="pk_school_snapshots"),
    )
    op.create_index("ix_school_snapshots_day", "school_snapshots", ["day"])
    op.create_table(
        "school_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name="fk_school_changes_school_id_schools"),
        sa.PrimaryKeyConstraint("id", name="pk_school_changes"),
    )
    op.create_index("ix_school_changes_school_id", "school_changes", ["school_id"])
    for table in COUNTED:
        for verb in ROWS:
            op.execute(_trigger(table, verb))


def downgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for table in COUNTED:
        for verb in ROWS:
            on_table = f" ON {table}" if is_postgresql else ""
            op.execute(f"DROP TRIGGER {table}_{verb.lower()}_is_counted{on_table}")
            if is_postgresql:
                op.execute(f"DROP FUNCTION note_{table}_{verb.lower()}()")
    for name in ("school_changes", "school_snapshots", "staff_counts", "school_counts", "school_totals"):
        op.drop_table(name)


def _trigger(table: str, verb: str) -> str:
    school, rows = COUNTED[table], ROWS[verb]
    if op.get_bind().dialect.name != "postgresql":
        marks = "".join(MARK.format(school=school.format(row=row)) for row in rows)
        return SQLITE.format(table=table, verb=verb.lower(), marks=marks)
    schools = " UNION ".join(
        SCHOOLS.format(school=school.format(row=each), rows=each) for each in _tables(rows)
    )
    named = " ".join(NAMED[row] for row in rows)
    return POSTGRESQL.format(table=table, verb=verb.lower(), schools=schools, named=named)


def _tables(rows: tuple[str, ...]) -> list[str]:
    return [f"{row.lower()}_rows" for row in rows]
