"""`portal demo`: serve a small made-up district on this machine only."""

import os
import socket
from collections.abc import Iterable
from pathlib import Path

import click

from portal import demo
from portal.app import create_app
from portal.commands import serving
from portal.commands.tables import NotReady, close_connections, database_app
from portal.config import Settings
from portal.crypto.keys import KeyRing
from portal.db import schema
from portal.demo.people import PasswordsMissing, People

HOME = Path("instance/demo")
HOST = "127.0.0.1"


@click.command("demo")
def demonstrate() -> None:
    """Show the portal with a small made-up district; mail goes into files."""
    wanted = Settings.read(demo=True)
    home = HOME if wanted.home == Settings.home else wanted.home
    settings = Settings.read(
        demo=True, home=home.absolute(), host=HOST, base_url="", staff_second_factor="off",
        smtp_host="",
        DATABASE_URL="", PORT=_free_port(wanted.port),
    )  # fmt: skip
    _set_up(settings)
    app = create_app(settings)
    try:
        people = demo.prepare(app)
    except PasswordsMissing as missing:
        raise NotReady(str(missing)) from None
    listener = serving.listen(settings)
    for line in _welcome(settings, people):
        click.echo(line)
    serving.run(app, listener, workers=1)


def _set_up(settings: Settings) -> None:
    """Make the tables and the key ring where they do not exist yet."""
    with database_app(settings).app_context():
        schema.bring_up_to_date()
        close_connections()
    if not settings.key_ring.exists():
        KeyRing.create(settings.key_ring)


def _free_port(wanted: int) -> int:
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise NotReady("No port of this machine is free.")


def _welcome(settings: Settings, people: People) -> Iterable[str]:
    staff = [person for person in people if person["kind"] == "staff"]
    guardians = [person for person in people if person["kind"] == "guardian"]
    yield f"\n  Guardian Portal, with a made-up district:  {settings.address}\n"
    yield f"  School staff sign in at {settings.address}/staff/sign-in"
    yield from _table(staff, "name", "level", "place", "email", "password")
    yield f"\n  Families sign in at {settings.address}/sign-in"
    yield from _table(guardians, "name", "email", "password")
    yield f"\n  Codes that work, for {settings.address}/join"
    yield from _table([person for person in people if person["kind"] == "code"], "code", "student", "school")
    yield f"\n  All of it is also in {_relative(settings.home / 'people.json')}."
    yield f"  Mail goes to {_relative(settings.home / 'mail')}, as files."
    yield "  Ctrl+C ends it.\n"


def _table(rows: list[dict[str, str]], *columns: str) -> Iterable[str]:
    cells = [[_cell(row, column) for column in columns] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        yield "    " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _relative(path: Path) -> str:
    return os.path.relpath(path)


def _cell(row: dict[str, str], column: str) -> str:
    return row.get("school", row.get("network", "")) if column == "place" else row[column]
