"""How many terms a support has had, so that a form left open does not undo what others changed."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    # The default stays: to take it away, SQLite would rebuild the table, and lose the triggers that count it.
    op.add_column("supports", sa.Column("versions", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    op.drop_column("supports", "versions")
