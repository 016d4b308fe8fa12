"""For revisions: to alter a table that rows, references and triggers depend on, on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"


@contextmanager
def altered(table: str) -> Iterator[BatchOperations]:
    """Give what op.batch_alter_table gives, and keep every trigger.

    Where SQLite cannot alter a table it is copied into a new one, which takes its name. The triggers of the old
    one would be gone with it, and those of other tables that name it would not let the new one be renamed.
    """
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    triggers = connection.execute(sa.text(TRIGGERS)).all() if is_sqlite else []
    for name, _sql in triggers:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    with op.batch_alter_table(table) as batch:
        yield batch
    for _name, sql in triggers:
        connection.exec_driver_sql(sql)
