"""The database without the application or its models, to make tables or to see whether they are current."""

from flask import Flask
from sqlalchemy.exc import OperationalError

from portal import db
from portal.config import Settings
from portal.db import schema
from portal.text.refusal import Refusal


class NotReady(Refusal):
    """The portal cannot run yet. The message tells the operator what to do."""


def database_app(settings: Settings) -> Flask:
    """Return an application with the database only, so that tables can be made before there are keys."""
    app = Flask("portal", static_folder=None)
    app.extensions["settings"] = settings
    app.config.update(SQLALCHEMY_DATABASE_URI=settings.database)
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    db.init_app(app)
    return app


def require_migrations() -> None:
    """Raise NotReady when the database cannot be reached, or a migration has not been applied."""
    try:
        is_migrated = schema.is_up_to_date()
    except OperationalError as error:
        raise unreachable(error) from None
    if not is_migrated:
        raise NotReady("The database is not up to date: run `portal db upgrade` first.")


def unreachable(error: OperationalError) -> NotReady:
    """Return the exception that tells the operator why the database cannot be reached."""
    reason = " ".join(str(error.orig).split())[:200]
    return NotReady(f"The database cannot be reached: {reason}")


def close_connections() -> None:
    """Close every connection, because none may be used on both sides of a fork."""
    db.session.remove()
    for engine in db.db.engines.values():
        engine.dispose()
