"""Notes of staff, and what they said before they were corrected."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} are never deleted'); END
"""

POSTGRESQL = """
CREATE FUNCTION refuse_note_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'notes are never deleted'; END $$;
CREATE TRIGGER notes_stay BEFORE DELETE OR TRUNCATE ON notes
FOR EACH STATEMENT EXECUTE FUNCTION refuse_note_change();
CREATE TRIGGER former_notes_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON former_notes
FOR EACH STATEMENT EXECUTE FUNCTION refuse_note_change();
"""


def upgrade() -> None:
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("versions", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_notes_author_id_accounts")),
        sa.ForeignKeyConstraint(["student_id"], ["students.id"], name=op.f("fk_notes_student_id_students")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
        sa.UniqueConstraint("public_id", name=op.f("uq_notes_public_id")),
    )
    op.create_index(op.f("ix_notes_student_id_id"), "notes", ["student_id", "id"])
    op.create_table(
        "former_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name=op.f("fk_former_notes_note_id_notes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_notes")),
        sa.UniqueConstraint("note_id", "number", name=op.f("uq_former_notes_note_id_number")),
    )
    _keep()


def _keep() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL)
    else:
        for table, verbs in {"notes": ["DELETE"], "former_notes": ["UPDATE", "DELETE"]}.items():
            for verb in verbs:
                op.execute(SQLITE.format(table=table, verb=verb))


def downgrade() -> None:
    op.drop_table("former_notes")
    op.drop_table("notes")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_note_change()")
