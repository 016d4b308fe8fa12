"""The emails that guardians' accounts had before."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "former_emails",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_former_emails_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("account_id", "email", name=op.f("pk_former_emails")),
    )
    op.create_index(op.f("ix_former_emails_email"), "former_emails", ["email"])


def downgrade() -> None:
    op.drop_table("former_emails")
