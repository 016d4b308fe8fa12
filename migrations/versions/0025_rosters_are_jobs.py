"""Rosters are read and applied by jobs: each that waits for the worker gets the job that it waits for.

One without an author stays as it is. Nobody can see it, and nobody's rights would count for it.
"""

import secrets
from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

MOMENT = sa.DateTime(timezone=True)

IMPORTS = sa.table(
    "roster_imports",
    sa.column("id", sa.Integer),
    sa.column("created_at", MOMENT),
    sa.column("created_by_id", sa.Integer),
    sa.column("previewed_at", MOMENT),
    sa.column("confirmed_at", MOMENT),
    sa.column("confirmed_by_id", sa.Integer),
    sa.column("applied_at", MOMENT),
    sa.column("failed_at", MOMENT),
)

JOBS = sa.table(
    "jobs",
    sa.column("public_id", sa.String),
    sa.column("kind", sa.String),
    sa.column("arguments", sa.JSON),
    sa.column("total", sa.Integer),
    sa.column("created_at", MOMENT),
    sa.column("created_by_id", sa.Integer),
    sa.column("tries", sa.Integer),
)


def upgrade() -> None:
    rows = IMPORTS.c
    is_open = sa.and_(rows.applied_at.is_(None), rows.failed_at.is_(None))
    is_unread = sa.and_(rows.previewed_at.is_(None), rows.confirmed_at.is_(None))
    leave("roster_preview", rows.created_by_id, rows.created_at, is_open, is_unread)
    leave("roster_apply", rows.confirmed_by_id, rows.confirmed_at, is_open, rows.confirmed_at.is_not(None))


def leave(
    kind: str,
    author: sa.ColumnClause[int],
    asked_at: sa.ColumnClause[datetime],
    *conditions: sa.ColumnElement[bool],
) -> None:
    """A job of that kind for each import that meets the conditions, as if its author had asked for it then."""
    connection = op.get_bind()
    waiting = sa.select(IMPORTS.c.id, author, asked_at).where(*conditions, author.is_not(None))
    for import_id, author_id, moment in connection.execute(waiting.order_by(IMPORTS.c.id)).all():
        job = {
            "public_id": secrets.token_urlsafe(16), "kind": kind, "arguments": {"roster_import": import_id},
            "total": 0, "created_at": moment, "created_by_id": author_id, "tries": 0,
        }  # fmt: skip
        connection.execute(JOBS.insert().values(job))
