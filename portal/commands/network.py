"""`portal network` and `portal totals`: appoint and dismiss Network Admins (rule B2); count or check network totals."""

import click
from sqlalchemy import select

from portal import db
from portal.commands.lookups import staff_with_email
from portal.commands.readiness import NotReady, opened, ready_app
from portal.config import Settings
from portal.db import Refused
from portal.models import Network, NetworkMembership
from portal.models.users.level_change import appoint_admin, block
from portal.worker import totals


@click.group("network")
def network() -> None:
    """Networks and their admins."""


@network.command()
@click.argument("email")
@click.option("--network", "name", help="Its name; may be left out where there is one network only.")
def appoint(email: str, name: str | None) -> None:
    """Make somebody who has a staff account Network Admin; recorded as the operator's act."""
    with opened(Settings.read()):
        with db.writing():
            person = staff_with_email(email)
            place = _network(name)
            appoint_admin(person, place)
        click.echo(f"{person.name} is Network Admin of {place.name}.")


@network.command("dismiss")
@click.argument("email")
@click.option("--network", "name", help="Its name; may be left out where there is one network only.")
def dismiss_from(email: str, name: str | None) -> None:
    """Take away what somebody holds at a network, a Network Admin's level too; what they hold at schools stays."""
    with opened(Settings.read()):
        with db.writing():
            person = staff_with_email(email)
            place = _network(name)
            row = NetworkMembership.of(person, place)
            is_new = row is not None and block(row)
        click.echo(f"{person.name} {'has' if is_new else 'had'} no access to {place.name}.")


@click.group("totals")
def totals_of_schools() -> None:
    """The numbers on the network page: they are kept, and counted again when something changes."""


@totals_of_schools.command()
def count() -> None:
    """Count every school again that has changed. The worker does so each minute."""
    with ready_app(Settings.read()).app_context():
        click.echo(f"{totals.recount_changed()} schools counted.")


@totals_of_schools.command()
def check() -> None:
    """Compare every kept total with a fresh count; exit status 1 when one differs."""
    with ready_app(Settings.read()).app_context():
        totals.recount_changed()
        found = list(totals.differences())
    for noun, place_id, kept, counted in found:
        click.echo(f"{noun} {place_id}: kept {kept}, counted {counted}")
    if found:
        raise NotReady(f"{len(found)} totals are not what counting gives.")
    click.echo("Every total equals a fresh count.")


def _network(name: str | None) -> Network:
    wanted = select(Network).order_by(Network.name)
    found = db.session.scalars(wanted.where(Network.name == name) if name else wanted).all()
    if len(found) != 1:
        known = ", ".join(db.session.scalars(select(Network.name).order_by(Network.name).limit(10)))
        raise Refused(f"Say which network, with --network NAME. There are: {known or 'none'}.")
    return found[0]
