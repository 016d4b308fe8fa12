"""`portal show-policy`: who may do what."""

from collections.abc import Iterator

import click

from portal.permissions import (
    GRANTED_WITH_CAN_MANAGE_USERS,
    GRANTS,
    Permission,
    label_of,
)


@click.command("show-policy")
def show_policy() -> None:
    """Print what every access level may do, and how far."""
    for line in policy_lines():
        click.echo(line)


def policy_lines() -> Iterator[str]:
    """The policy as text: one block a level, one line a permission."""
    for level, granted in GRANTS.items():
        yield label_of(level)
        for permission in Permission:
            delegated = GRANTED_WITH_CAN_MANAGE_USERS.get(level, {}).get(permission)
            if permission in granted:
                yield f"  {permission.value:<46} {granted[permission].value}"
            elif delegated:
                yield f"  {permission.value:<46} {delegated.value}, with Can Manage Users"
        yield "" if granted else "  nothing: cannot sign in\n"
