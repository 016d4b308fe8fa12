"""Which columns each person's Data Grid shows."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("accounts", sa.Column("grid_columns", sa.JSON(), nullable=True))
