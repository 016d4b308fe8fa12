"""`portal init`: make keys, database and the first account."""

from collections.abc import Mapping
from typing import IO
from zoneinfo import available_timezones

import click
from sqlalchemy import exists, select

from portal import db
from portal.app import create_app
from portal.commands.tables import close_connections, database_app
from portal.config import Settings
from portal.crypto import passwords
from portal.crypto.keys import KeyRing
from portal.db import Refused, schema
from portal.models import Account
from portal.models.users.founding import Founder, Place, found


@click.command("init")
@click.option("--network", help="Name of the district or network; empty for a single school.")
@click.option("--school", help="Name of the single school, where there is no network.")
@click.option("--school-identifier", help="What orgs.csv of its roster calls it (`identifier`).")
@click.option("--time-zone", help="Of the single school, such as America/Chicago.")
@click.option("--given-name", help="Of the first admin.")
@click.option("--family-name", help="Of the first admin; may be empty.")
@click.option("--email", help="Of the first admin.")
@click.option(
    "--password-file", type=click.File(), help="Where the password is read from; - for standard input."
)
def init(password_file: IO[str] | None, **given: str | None) -> None:
    """Make keys, database and the first Network Admin, or the School Admin of a single school."""
    settings = Settings.read()
    _refuse_to_overwrite(settings)
    place = _place(given)
    founder = _founder(given)
    plain = _password(password_file, personal=[founder.name, founder.email, place.name])
    if (
        not settings.key_ring.exists()
    ):  # an interrupted `init` may have made them; nothing is sealed with them yet
        KeyRing.create(settings.key_ring)
    with create_app(settings).app_context():
        found(place, founder, password_hash=passwords.hash_password(plain))
        close_connections()
    click.echo(
        f"Ready, in {settings.home.absolute()}. Back up {settings.key_ring.name}, apart from the database."
    )
    click.echo("Start `portal serve`, then sign in at /staff/sign-in.")


def _refuse_to_overwrite(settings: Settings) -> None:
    """Bring the tables up to date, which loses nothing. Raises Refused when there is an account."""
    with database_app(settings).app_context():
        schema.bring_up_to_date()
        if db.session.scalar(select(exists().select_from(Account))):
            raise Refused(f"There is an installation at {settings.home} already; it was left as it is.")
        close_connections()


def _place(given: Mapping[str, str | None]) -> Place:
    if given["network"] and given["school"]:
        raise Refused("Give a network or a single school: the schools of a network come with its roster.")
    if given["school"]:
        return _school(given["school"], given)
    network = _ask(
        given["network"], "Name of the district or network (empty for a single school)", may_be_empty=True
    )
    return Place(network) if network else _school(_ask(None, "Name of the school"), given)


def _school(name: str, given: Mapping[str, str | None]) -> Place:
    identifier = _ask(
        given["school_identifier"], "Its identifier in the roster (may be empty)", may_be_empty=True
    )
    zone = _ask(given["time_zone"], "Its time zone, such as America/Chicago")
    if zone not in available_timezones():
        raise Refused(f"{zone} is no time zone. An example is America/Chicago.")
    return Place(name, is_school=True, identifier=identifier or None, time_zone=zone)


def _founder(given: Mapping[str, str | None]) -> Founder:
    return Founder(
        given_name=_ask(given["given_name"], "First admin: given name"),
        family_name=_ask(given["family_name"], "First admin: family name (may be empty)", may_be_empty=True),
        email=_ask(given["email"], "First admin: email").lower(),
    )


def _ask(given: str | None, question: str, *, may_be_empty: bool = False) -> str:
    """Return the value of the option; ask the question when the option was left out."""
    if given is not None:
        return given.strip()
    default = "" if may_be_empty else None
    return str(click.prompt(question, default=default, show_default=False)).strip()


def _password(file: IO[str] | None, *, personal: list[str]) -> str:
    if file is not None:
        plain = file.readline().rstrip("\r\n")
    else:
        plain = click.prompt("First admin: password", hide_input=True, confirmation_prompt=True)
    reason = passwords.weakness(plain, personal=personal)
    if reason:
        raise Refused(f"The password is too weak. {reason}")
    return plain
