"""`portal network`: appoint and dismiss Network Admins, which no form can do (rule B2)."""

import click
from sqlalchemy import select

from portal import db
from portal.commands.lookups import staff_with_email
from portal.commands.readiness import opened
from portal.config import Settings
from portal.db import Refused
from portal.models import Network, NetworkMembership
from portal.models.users.level_change import appoint_admin, block


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
            person, place = staff_with_email(email), _network(name)
            appoint_admin(person, place)
        click.echo(f"{person.name} is Network Admin of {place.name}.")


@network.command("dismiss")
@click.argument("email")
@click.option("--network", "name", help="Its name; may be left out where there is one network only.")
def dismiss_from(email: str, name: str | None) -> None:
    """Take away what somebody holds at a network, a Network Admin's level too; what they hold at schools stays."""
    with opened(Settings.read()):
        with db.writing():
            person, place = staff_with_email(email), _network(name)
            row = NetworkMembership.of(person, place)
            is_new = row is not None and block(row)
        click.echo(f"{person.name} {'has' if is_new else 'had'} no access to {place.name}.")


def _network(name: str | None) -> Network:
    wanted = select(Network).order_by(Network.name)
    found = db.session.scalars(wanted.where(Network.name == name) if name else wanted).all()
    if len(found) != 1:
        known = ", ".join(db.session.scalars(select(Network.name).order_by(Network.name).limit(10)))
        raise Refused(f"Say which network, with --network NAME. There are: {known or 'none'}.")
    return found[0]
