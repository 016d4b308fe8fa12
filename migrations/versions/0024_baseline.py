"""The baseline: every table, index and trigger with which the history of the schema begins.

What stands in `migrations/baseline/` is part of this revision and never changes again.
"""

from alembic import op

from migrations import baseline

revision = "0024"
down_revision = None


def upgrade() -> None:
    baseline.create(op.get_bind())
