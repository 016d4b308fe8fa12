"""Network users' visits to schools."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "school_visits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name="fk_school_visits_school_id_schools"),
        sa.ForeignKeyConstraint(["staff_id"], ["accounts.id"], name="fk_school_visits_staff_id_accounts"),
        sa.PrimaryKeyConstraint("id", name="pk_school_visits"),
    )
    op.create_index("ix_school_visits_school_id_id", "school_visits", ["school_id", "id"])


def downgrade() -> None:
    op.drop_table("school_visits")
