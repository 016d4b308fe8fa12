"""`portal show-policy`: who may do what."""

import click

from portal.permissions import policy_lines


@click.command("show-policy")
def show_policy() -> None:
    """Print what every access level may do, and how far."""
    for line in policy_lines():
        click.echo(line)
