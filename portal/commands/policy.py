"""`portal show-policy`: print who may do what. Apart because this needs nothing of the application but the policy."""

from collections.abc import Iterator

import click

from portal.policy.evaluator import grants_of
from portal.policy.levels import label_of
from portal.policy.permissions import GRANTS


@click.command("show-policy")
def show_policy() -> None:
    """Print what every access level may do, how far, and under which settings."""
    for line in policy_lines():
        click.echo(line)


def policy_lines() -> Iterator[str]:
    """Yield the lines of the policy: a block for each level, with a line for each permission."""
    for level in GRANTS:
        yield label_of(level)
        grants = grants_of(level)
        for permission, scope, condition in grants:
            yield f"  {permission.value:<46} {scope.value}{f', {condition.value}' if condition else ''}"
        yield "" if grants else "  nothing: cannot sign in\n"
