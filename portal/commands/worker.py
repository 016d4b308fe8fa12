"""`portal worker`: mail and rosters."""

import logging

import click

from portal.commands.readiness import ready_app
from portal.config import Settings
from portal.mail import envelope
from portal.worker import jobs


@click.command("worker")
def worker() -> None:
    """Send mail and read rosters, until told to end. One such process is enough."""
    settings = Settings.read()
    app = ready_app(settings)
    envelope.sender(settings)
    logging.getLogger("huey").setLevel(logging.WARNING)
    click.echo("Guardian Portal sends mail and reads rosters.")
    jobs.of(app).consumer().run()
