"""Bring the tables up to date by migrations, and check whether they are as the code expects (decision 22)."""

from pathlib import Path

from sqlalchemy import inspect, text

from portal.db import Refused, db, sync

MIGRATIONS = Path(__file__).parent.parent.parent / "migrations"

#: The first revision; earlier ones were never released. Revisions are numbered in their order.
BASELINE = "0024"

OLDER = (
    "The database is at revision {found}, before the first that this version can upgrade ({baseline}): "
    "bring it there with an older version, or begin with a new database."
)
NEWER = (
    "The database is at revision {found}, which this version does not know: "
    "install the newer version that made it, or restore a backup from before that upgrade."
)


def bring_up_to_date() -> None:
    """Apply every migration that has not been applied. Raises Refused when the revision is unknown or too old."""
    if is_up_to_date():
        return
    from portal.db import migrating  # noqa: PLC0415 - takes 8 MiB, and most starts have nothing to migrate

    migrating.upgrade()
    db.session.remove()
    sync()


def is_up_to_date() -> bool:
    """Whether every migration has been applied. Raises Refused when the revision is unknown or too old."""
    return _revision() == revisions()[-1]


def refuse_drift() -> None:
    """Raise Refused when models and migrations differ."""
    from portal.db import migrating  # noqa: PLC0415

    migrating.compare()


def revisions() -> list[str]:
    """Return the names of all revisions in their order: what the names of their files begin with."""
    return sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("*.py"))


def _revision() -> str | None:
    """Return the last migration that was applied to this database; None when it is empty."""
    with db.engines["reading"].connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if found is not None and found not in revisions():
        raise Refused((OLDER if found < BASELINE else NEWER).format(found=found, baseline=BASELINE))
    return found
