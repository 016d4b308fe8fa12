"""When a letter with this very code was last made."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    with op.batch_alter_table("access_codes") as table:
        table.add_column(sa.Column("letter_made_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("access_codes") as table:
        table.drop_column("letter_made_at")
