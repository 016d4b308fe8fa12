"""`portal network`: who is admin of a network, which no form can say."""

import click
from sqlalchemy import select

from portal import db
from portal.commands.readiness import let_go_of_connections, ready_app
from portal.config import Settings
from portal.db import Refused
from portal.models import Network, NetworkMembership, Staff
from portal.models.users.network_access import appoint_admin, dismiss


@click.group("network")
def network() -> None:
    """Networks and their admins."""


@network.command()
@click.argument("email")
@click.option("--network", "name", help="Its name; may be left out where there is one network only.")
def appoint(email: str, name: str | None) -> None:
    """Make somebody who has a staff account Network Admin; recorded as the operator's act."""
    with ready_app(Settings.read()).app_context():
        try:
            with db.writing():
                person, place = _person(email), _network(name)
                appoint_admin(staff_id=person.id, network_id=place.id)
            click.echo(f"{person.name} is Network Admin of {place.name}.")
        finally:
            let_go_of_connections()


@network.command("dismiss")
@click.argument("email")
@click.option("--network", "name", help="Its name; may be left out where there is one network only.")
def dismiss_from(email: str, name: str | None) -> None:
    """Take away what somebody holds at a network, a Network Admin's level too; what they hold at schools stays."""
    with ready_app(Settings.read()).app_context():
        try:
            with db.writing():
                person, place = _known(email), _network(name)
                row = NetworkMembership.of(person, place)
                is_new = row is not None and dismiss(row)
            click.echo(f"{person.name} {'has' if is_new else 'had'} no access to {place.name}.")
        finally:
            let_go_of_connections()


def _person(email: str) -> Staff:
    found = _known(email)
    if found.closed_at:
        raise Refused(f"{email} is blocked. Open the account first: portal staff unblock {email}")
    return found


def _known(email: str) -> Staff:
    found = Staff.with_email(email)
    if found is None:
        raise Refused(f"No staff account has the email {email}.")
    return found


def _network(name: str | None) -> Network:
    wanted = select(Network).order_by(Network.name)
    found = db.session.scalars(wanted.where(Network.name == name) if name else wanted).all()
    if len(found) != 1:
        known = ", ".join(db.session.scalars(select(Network.name).order_by(Network.name).limit(10)))
        raise Refused(f"Say which network, with --network NAME. There are: {known or 'none'}.")
    return found[0]
