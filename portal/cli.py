"""The command `portal` with all commands of the operator. A refusal is printed as one line, with exit status 1."""

from typing import Any

import click

from portal.commands.checkup import doctor
from portal.commands.codes import codes
from portal.commands.database import database
from portal.commands.demonstration import demonstrate
from portal.commands.installation import init
from portal.commands.letters import letters
from portal.commands.mail import mail
from portal.commands.network import network, totals_of_schools
from portal.commands.readiness import NotReady
from portal.commands.roster import roster
from portal.commands.serving import serve, worker
from portal.commands.show import show_policy, show_routes
from portal.commands.staff import invite, staff
from portal.config import WrongSettings
from portal.crypto.key_ring import KeysError
from portal.db import Refused


class _Portal(click.Group):
    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except (WrongSettings, KeysError, NotReady, Refused) as refusal:
            raise _Refusal("; ".join(str(refusal).splitlines())) from None


class _Refusal(click.ClickException):
    def show(self, file: Any = None) -> None:
        click.echo(f"portal: {self.message}", err=True, file=file)


@click.group(cls=_Portal, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Guardian Portal: parents and guardians see their child's information, and nobody else does."""


COMMANDS = (
    init, serve, worker, demonstrate, invite, staff, roster, codes, letters, mail, network, totals_of_schools,
    doctor, database, show_policy, show_routes,
)  # fmt: skip

for command in COMMANDS:
    main.add_command(command)
