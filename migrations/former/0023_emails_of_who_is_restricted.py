"""Every email of who may not see a student, the former ones too."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

OF_THE_ACCOUNT = """
INSERT INTO restriction_emails (restriction_id, email)
SELECT restrictions.id, accounts.email FROM restrictions JOIN accounts ON accounts.id = restrictions.guardian_id
WHERE accounts.closed_at IS NULL AND accounts.email <> restrictions.email
"""


def upgrade() -> None:
    op.create_table(
        "restriction_emails",
        sa.Column("restriction_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(
            ["restriction_id"],
            ["restrictions.id"],
            name=op.f("fk_restriction_emails_restriction_id_restrictions"),
        ),
        sa.PrimaryKeyConstraint("restriction_id", "email", name=op.f("pk_restriction_emails")),
    )
    op.create_index(op.f("ix_restriction_emails_email"), "restriction_emails", ["email"])
    op.execute("INSERT INTO restriction_emails (restriction_id, email) SELECT id, email FROM restrictions")
    op.execute(OF_THE_ACCOUNT)


def downgrade() -> None:
    op.drop_table("restriction_emails")
