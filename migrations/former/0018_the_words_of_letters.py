"""What a school wrote on its letter, its return address, and whether that shows in the window of an envelope."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("schools") as table:
        table.add_column(
            sa.Column("return_address", sa.String(length=300), nullable=False, server_default="")
        )
        table.add_column(
            sa.Column("letters_have_window", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("schools") as table:
        table.alter_column("return_address", server_default=None)
        table.alter_column("letters_have_window", server_default=None)
    op.create_table(
        "letter_wordings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("boxes", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["accounts.id"], name=op.f("fk_letter_wordings_created_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_letter_wordings_school_id_schools")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_wordings")),
    )
    with op.batch_alter_table("letter_wordings") as table:
        table.create_index(table.f("ix_letter_wordings_school_id_id"), ["school_id", "id"])
    op.create_index(
        "uq_letter_wordings_current",
        "letter_wordings",
        ["school_id", "language"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    op.drop_table("letter_wordings")
    with op.batch_alter_table("schools") as table:
        table.drop_column("letters_have_window")
        table.drop_column("return_address")
