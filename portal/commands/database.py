"""`portal db`: apply migrations and compare the tables with the code. Apart because each command is an entry point."""

import click
from sqlalchemy.exc import OperationalError

from portal.commands.readiness import NotReady, database_app, require_migrations, unreachable
from portal.config import Settings
from portal.db import schema


@click.group("db")
def database() -> None:
    """The tables of the database."""


@database.command()
def upgrade() -> None:
    """Apply every migration that has not been applied yet."""
    with database_app(Settings.read()).app_context():
        try:
            schema.bring_up_to_date()
        except OperationalError as error:
            raise unreachable(error) from None
    click.echo("The database is up to date.")


@database.command()
def check() -> None:
    """Fail when the tables that the code expects and the migrations differ."""
    with database_app(Settings.read()).app_context():
        require_migrations()
        try:
            schema.refuse_drift()
        except SystemExit:  # raised by alembic after it has printed the differences
            raise NotReady("Models and migrations differ.") from None
        except OperationalError as error:
            raise unreachable(error) from None
    click.echo("Models and migrations agree.")
