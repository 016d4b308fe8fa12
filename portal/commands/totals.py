"""`portal totals`: count or check the totals of networks. Apart because each command is an entry point."""

import click

from portal.commands.readiness import NotReady, ready_app
from portal.config import Settings
from portal.worker import totals


@click.group("totals")
def totals_of_schools() -> None:
    """The numbers on the network page: they are kept, and counted again when something changes."""


@totals_of_schools.command()
def count() -> None:
    """Count every school again that has changed. The worker does so each minute."""
    with ready_app(Settings.read()).app_context():
        click.echo(f"{totals.keep_up()} schools counted.")


@totals_of_schools.command()
def check() -> None:
    """Compare every kept total with a fresh count; exit status 1 when one differs."""
    with ready_app(Settings.read()).app_context():
        totals.keep_up()
        found = list(totals.differences())
    for noun, place_id, kept, counted in found:
        click.echo(f"{noun} {place_id}: kept {kept}, counted {counted}")
    if found:
        raise NotReady(f"{len(found)} totals are not what counting gives.")
    click.echo("Every total equals a fresh count.")
