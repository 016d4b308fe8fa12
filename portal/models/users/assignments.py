"""Which levels somebody holds and where, and what that grants them."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from portal.models.schools.network import Network
from portal.models.schools.school import School
from portal.models.users.membership import Membership
from portal.models.users.network_membership import NetworkMembership
from portal.policy.grants import grants
from portal.policy.permissions import Level, Permission, Reach, Scope, level_named


class Assignment(NamedTuple):
    """One level, and the id of the school or network it is held at."""

    level: Level
    place: int
    can_manage_users: bool = False
    reads_notes: bool = False
    restricts_revoking: bool = False


#: What widens or narrows a level where it is held.
_SETTINGS = Assignment._fields[2:]

_COLUMNS = (
    Membership.level,
    Membership.school_id,
    School.restricts_revoking,
    NetworkMembership.level,
    NetworkMembership.network_id,
    NetworkMembership.can_manage_users,
    Network.reads_notes,
)


def beside(wanted: Select[Any], person: InstrumentedAttribute[int]) -> Select[Any]:
    """`wanted` with what `person`, its column of account ids, holds: in as many rows as name every level."""
    return (
        wanted.add_columns(*_COLUMNS)
        .outerjoin(Membership, Membership.staff_id == person)
        .outerjoin(School, School.id == Membership.school_id)
        .outerjoin(NetworkMembership, NetworkMembership.staff_id == person)
        .outerjoin(Network, Network.id == NetworkMembership.network_id)
    )


def read(rows: Iterable[Sequence[Any]]) -> frozenset[Assignment]:
    """What the rows of a statement made by `beside` say."""
    found = set()
    for (
        *_,
        level,
        school_id,
        restricts_revoking,
        network_level,
        network_id,
        can_manage_users,
        reads_notes,
    ) in rows:
        if level:
            found.add(Assignment(level_named(level), school_id, restricts_revoking=restricts_revoking))
        if network_level:
            widened = {"can_manage_users": can_manage_users, "reads_notes": reads_notes}
            found.add(Assignment(level_named(network_level), network_id, **widened))
    return frozenset(found)


@lru_cache(maxsize=1024)
def granted(assignments: frozenset[Assignment]) -> Mapping[Permission, frozenset[Reach]]:
    """How far each permission reaches for somebody who holds all of these."""
    places: dict[Permission, dict[Scope, set[int]]] = {}
    for level, place, *settings in assignments:
        granted = grants(level, **dict(zip(_SETTINGS, settings, strict=True)))
        for permission, scope in granted.items():
            places.setdefault(permission, {}).setdefault(scope, set()).add(place)
    return MappingProxyType(
        {
            permission: frozenset(Reach(scope, frozenset(ids)) for scope, ids in by_scope.items())
            for permission, by_scope in places.items()
        }
    )
