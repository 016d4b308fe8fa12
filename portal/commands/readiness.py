"""Check whether the portal can run here, and say in one sentence for the operator why not."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import exists, select
from sqlalchemy.exc import OperationalError

from portal import db
from portal.app import create_app
from portal.config import Settings
from portal.db import schema
from portal.models import Account


class NotReady(Exception):
    """The portal cannot run yet. The message tells the operator what to do."""


def ready_app(settings: Settings) -> Flask:
    """Return the application, with its keys loaded and its database reachable and up to date.

    Raises NotReady, Refused, WrongSettings or KeysError when it is not.
    """
    if not settings.key_ring.exists():
        raise NotReady(f"Nothing is set up in {settings.home}: run `portal init` first.")
    app = create_app(settings)
    with app.app_context():
        require_migrations()
        close_connections()
    return app


@contextmanager
def opened(settings: Settings) -> Iterator[Flask]:
    """Run the block in the context of `ready_app`; close every connection at its end."""
    app = ready_app(settings)
    with app.app_context():
        try:
            yield app
        finally:
            close_connections()


def database_app(settings: Settings) -> Flask:
    """Return an application with the database only, so that tables can be made before there are keys."""
    app = Flask("portal", static_folder=None)
    app.extensions["settings"] = settings
    app.config.update(SQLALCHEMY_DATABASE_URI=settings.database)
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    db.init_app(app)
    schema.init_app(app)
    return app


def require_migrations() -> None:
    """Raise NotReady when the database cannot be reached, or a migration has not been applied."""
    try:
        is_migrated = schema.is_up_to_date()
    except OperationalError as error:
        raise unreachable(error) from None
    if not is_migrated:
        raise NotReady("The database is not up to date: run `portal db upgrade` first.")


def has_accounts() -> bool:
    """Whether the database holds an account."""
    return bool(db.session.scalar(select(exists().select_from(Account))))


def unreachable(error: OperationalError) -> NotReady:
    """Return the exception that tells the operator why the database cannot be reached."""
    reason = " ".join(str(error.orig).split())[:200]
    return NotReady(f"The database cannot be reached: {reason}")


def close_connections() -> None:
    """Close every connection, because none may be used on both sides of a fork."""
    db.session.remove()
    for engine in db.db.engines.values():
        engine.dispose()
