"""`portal db`: apply migrations and compare the tables with the code. Apart because each command is an entry point."""

import click
from sqlalchemy.exc import OperationalError

from portal.commands.tables import database_app, require_migrations, unreachable
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
    import portal.models  # noqa: PLC0415, F401 - they say which tables; `upgrade`, at every start, needs none

    with database_app(Settings.read()).app_context():
        require_migrations()
        try:
            schema.refuse_drift()
        except OperationalError as error:
            raise unreachable(error) from None
    click.echo("Models and migrations agree.")
