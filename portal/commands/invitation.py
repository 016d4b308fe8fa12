"""`portal invite`: a link with which someone sets a password."""

import click

from portal import db
from portal.commands.readiness import ready_app
from portal.config import Settings
from portal.db import Refused
from portal.models import Event, EventKind, MessageKind, OutboxMessage, Staff


@click.command("invite")
@click.argument("email")
def invite(email: str) -> None:
    """Mail a member of staff a link to choose a password."""
    with ready_app(Settings.read()).app_context(), db.writing():
        staff = Staff.with_email(email)
        if staff is None or staff.closed_at is not None:
            raise Refused(f"No staff account has the email {email}. It comes with the roster.")
        Event.record(EventKind.INVITED, about_id=staff.id, source="operator")
        OutboxMessage.post(
            MessageKind.INVITATION, to=staff.email, language=staff.language, account_id=staff.id
        )
    click.echo("The invitation goes out with the next mail of `portal worker`.")
