"""The whole policy, grant by grant: what a level always holds, and what only where a setting says so."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from portal.policy.permissions import (
    GRANTED_WHERE_NOTES_ARE_READ,
    GRANTED_WITH_CAN_MANAGE_USERS,
    GRANTS,
    RESTRICTED_TO_ADMINS,
    Level,
    Permission,
    Scope,
)


class Condition(StrEnum):
    """What must be so for a grant to hold."""

    CAN_MANAGE_USERS = "with Can Manage Users"
    NOTES_ARE_READ = "where the network lets its users read notes"
    NOT_KEPT_FOR_ADMINS = "unless the school keeps it for its admins"


class Grant(NamedTuple):
    """`condition` is none for what the level holds whatever the settings."""

    permission: Permission
    scope: Scope
    condition: Condition | None


#: The tables that add to a level.
_ADDED = {
    Condition.CAN_MANAGE_USERS: GRANTED_WITH_CAN_MANAGE_USERS,
    Condition.NOTES_ARE_READ: GRANTED_WHERE_NOTES_ARE_READ,
}


def grants_of(level: Level) -> Iterator[Grant]:
    """What `level` holds, in the order of the permissions."""
    granted = GRANTS[level]
    added = [(condition, table.get(level, {})) for condition, table in _ADDED.items()]
    is_admin = Permission.MANAGE_USERS in granted
    for permission in Permission:
        if permission in granted:
            is_kept = permission in RESTRICTED_TO_ADMINS and not is_admin
            yield Grant(permission, granted[permission], Condition.NOT_KEPT_FOR_ADMINS if is_kept else None)
        for condition, table in added:
            if permission in table and permission not in granted:
                yield Grant(permission, table[permission], condition)
