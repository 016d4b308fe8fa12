"""What a school plans for a student, and the history of every change."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

SQLITE = """
CREATE TRIGGER field_changes_no_{verb} BEFORE {verb} ON field_changes
BEGIN SELECT RAISE(ABORT, 'field changes are append-only'); END
"""

POSTGRESQL = """
CREATE FUNCTION refuse_field_change_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'field changes are append-only'; END $$;
CREATE TRIGGER field_changes_are_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON field_changes
FOR EACH STATEMENT EXECUTE FUNCTION refuse_field_change_change();
"""


def upgrade() -> None:
    with op.batch_alter_table("students") as students:
        students.add_column(sa.Column("diploma_type", sa.String(length=24), nullable=True))
        students.add_column(sa.Column("planned_graduation", sa.Date(), nullable=True))
        students.add_column(sa.Column("safety_net", sa.String(length=3), nullable=True))
    op.create_table(
        "field_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("old", sa.String(length=200), nullable=True),
        sa.Column("new", sa.String(length=200), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_field_changes_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_field_changes_student_id_students")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_changes")),
        sa.UniqueConstraint("public_id", name=op.f("uq_field_changes_public_id")),
    )
    op.create_index(op.f("ix_field_changes_student_id_id"), "field_changes", ["student_id", "id"])
    _only_add()


def _only_add() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL)
    else:
        for verb in ("UPDATE", "DELETE"):
            op.execute(SQLITE.format(verb=verb))


def downgrade() -> None:
    op.drop_table("field_changes")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_field_change_change()")
    with op.batch_alter_table("students") as students:
        for name in ("safety_net", "planned_graduation", "diploma_type"):
            students.drop_column(name)
