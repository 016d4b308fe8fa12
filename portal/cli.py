"""The command `portal` with all commands of the operator. A refusal is printed as one line, with exit status 1.

A command's module is imported when the command is called, because most take a second to import (decision 31).
"""

import gc
from importlib import import_module
from typing import Any

import click

from portal.text.refusal import Refusal

#: Each command with its place in portal/commands, and what it does, as its docstring begins.
COMMANDS = {
    "init": (
        "installation.init", "Make keys, database and the first Network Admin, or the School Admin of a single school."
    ),
    "serve": ("serving.serve", "Answer browsers on PORTAL_HOST and PORT, send mail and read rosters."),
    "worker": ("serving.worker", "Send mail and read rosters, beside `portal serve --without-worker`."),
    "demo": ("demonstration.demonstrate", "Show the portal with a small made-up district; mail goes into files."),
    "invite": ("staff.invite", "Mail a member of staff a link to choose a password."),
    "staff": (
        "staff.staff", "Who works where at which access level; School Admins, blocked accounts, lost second factors."
    ),
    "roster": (
        "roster.roster",
        "Bring people, schools and classes in: from a zip or folder of OneRoster files, or a pedagogue file.",
    ),
    "codes": ("codes.codes", "Give out access codes."),
    "letters": ("letters.letters", "Print a letter for each student with a live code."),
    "mail": ("mail.mail", "Mail that came back."),
    "network": ("network.network", "Networks and their admins."),
    "totals": (
        "network.totals_of_schools",
        "The numbers on the network page: they are kept, and counted again when something changes.",
    ),
    "doctor": (
        "checkup.doctor", "Say whether this installation is well; exit status 1 when something has to be done."
    ),
    "db": ("database.database", "The tables of the database."),
    "show-policy": (
        "policy.show_policy", "Print what every access level may do, how far, and under which settings."
    ),
    "show-routes": (
        "routes.show_routes", "Print every address with its methods, permission and what it answers, as Markdown."
    ),
}  # fmt: skip


class _Portal(click.Group):
    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, named, rest = super().resolve_command(ctx, args)
        return name, load(name) if name else named, rest

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            raise _OneLine("; ".join(str(refusal).splitlines())) from None


class _OneLine(click.ClickException):
    def show(self, file: Any = None) -> None:
        click.echo(f"portal: {self.message}", err=True, file=file)


@click.group(
    cls=_Portal,
    context_settings={"help_option_names": ["-h", "--help"]},
    commands=[click.Command(name, help=sentence) for name, (_place, sentence) in COMMANDS.items()],
)
def main() -> None:
    """Guardian Portal: parents and guardians see their child's information, and nobody else does."""


def load(name: str) -> click.Command:
    """Import and return the command of that name in COMMANDS."""
    module, _, function = COMMANDS[name][0].partition(".")
    gc.disable()  # what modules make stays until the end: looking through it again and again is a sixth of the time
    try:
        command: click.Command = getattr(import_module(f"portal.commands.{module}"), function)
    finally:
        gc.enable()
    return command
