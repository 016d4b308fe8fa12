"""What a level grants: the only code that evaluates the tables of `permissions.py`."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from portal.policy.levels import Level, StaffLevel
from portal.policy.permissions import ADDED, GRANTS, KEPT_FOR_ADMINS, Condition, Permission, Scope


class Grant(NamedTuple):
    """One permission, how far it reaches, and the condition on which it depends; none where it always holds."""

    permission: Permission
    scope: Scope
    condition: Condition | None


@cache
def grants_of(level: Level) -> tuple[Grant, ...]:
    """Return everything that `level` may grant, in the order of the permissions."""
    return tuple(_evaluate(level))


def grants(
    level: Level,
    *,
    can_manage_users: bool = False,
    reads_notes: bool = False,
    restricts_revoking: bool = False,
) -> Mapping[Permission, Scope]:
    """Return what `level` grants under these settings of the person, the network and the school."""
    is_met = {
        None: True,
        Condition.CAN_MANAGE_USERS: can_manage_users,
        Condition.NOTES_ARE_READ: reads_notes,
        Condition.NOT_KEPT_FOR_ADMINS: not restricts_revoking,
    }
    return {grant.permission: grant.scope for grant in grants_of(level) if is_met[grant.condition]}


@cache
def always_grants(level: Level, permission: Permission, *, scope: Scope | None = None) -> bool:
    """Return whether `level` grants `permission` whatever the settings, and just as far as `scope` if given."""
    far = {grant.permission: grant.scope for grant in grants_of(level) if grant.condition is None}
    return permission in far and scope in (None, far[permission])


def lets_in(level: StaffLevel) -> bool:
    """Return whether somebody at `level` may sign in at all."""
    return always_grants(level, Permission.SIGN_IN)


def has_portfolio(level: Level) -> bool:
    """Return whether `level` reaches the schools of a portfolio rather than the whole network."""
    return any(grant.scope is Scope.PORTFOLIO for grant in grants_of(level))


def _evaluate(level: Level) -> Iterator[Grant]:
    granted = GRANTS[level]
    added = [(condition, table.get(level, {})) for condition, table in ADDED.items()]
    is_admin = Permission.MANAGE_USERS in granted
    for permission in Permission:
        if permission in granted:
            is_kept = permission in KEPT_FOR_ADMINS and not is_admin
            yield Grant(permission, granted[permission], Condition.NOT_KEPT_FOR_ADMINS if is_kept else None)
        for condition, table in added:
            if permission in table and permission not in granted:
                yield Grant(permission, table[permission], condition)
