"""`portal mail`: take notices of mail that could not be delivered from the operator's mail server."""

from typing import BinaryIO

import click
from sqlalchemy.exc import SQLAlchemyError

from portal import db
from portal.commands.readiness import NotReady, ready_app
from portal.config import Settings, WrongSettings
from portal.crypto.key_ring import KeysError
from portal.mail.bounces import MOST, read_bounce
from portal.models import OutboxMessage

#: The exit status with which a mail server is asked to try again later (sysexits.h, EX_TEMPFAIL).
TRY_LATER = 75


@click.group("mail")
def mail() -> None:
    """Mail that came back."""


@mail.command("bounced")
@click.argument("file", type=click.File("rb"), default="-")
@click.pass_context
def bounced(context: click.Context, file: BinaryIO) -> None:
    """Mark the message that a delivery status notification is about: FILE, or standard input.

    Made to be fed by a mail server, one notice a call. Exit status 75 asks it to try again later.
    """
    bounce = read_bounce(file.read(MOST))
    if bounce is None:
        click.echo("This says of no mail of ours that it was given up: nothing was marked.")
        return
    try:
        with ready_app(Settings.read()).app_context(), db.writing():
            is_marked = OutboxMessage.note_bounce(bounce.name, bounce.failure)
    except (NotReady, WrongSettings, KeysError, SQLAlchemyError) as trouble:
        click.echo(f"portal: {type(trouble).__name__}: not marked, try again later.", err=True)
        context.exit(TRY_LATER)
    click.echo(
        "One message is marked as bounced."
        if is_marked
        else "This mail is not in the outbox: nothing was marked."
    )
