"""Two settings of a network: small numbers are left out, and its users read notes."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    for name in ("suppresses_small", "reads_notes"):
        op.add_column("networks", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    for name in ("reads_notes", "suppresses_small"):
        op.drop_column("networks", name)
