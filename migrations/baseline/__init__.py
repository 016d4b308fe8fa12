"""Every table, index and trigger as they were when the history of the schema began: see 0024_baseline.py."""

import sqlalchemy as sa

from migrations.baseline import accounts, codes, figures, jobs, schools, students, supports, triggers
from migrations.baseline.columns import METADATA

#: Importing them defines their tables.
SUBJECTS = (accounts, schools, students, supports, codes, jobs, figures)


def create(connection: sa.Connection) -> None:
    METADATA.create_all(connection, checkfirst=False)
    is_sqlite = connection.dialect.name == "sqlite"
    for statement in triggers.on_sqlite() if is_sqlite else triggers.on_postgresql():
        connection.exec_driver_sql(statement)
