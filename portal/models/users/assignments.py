"""The levels of a staff account at its schools and networks, and how far each permission reaches with them.

An account needs them on every request. They are read with the sign-in, in the same statement:
`with_assignments` adds their columns to it, and `read_assignments` takes them out of its rows.
"""

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
from portal.policy.evaluator import grants
from portal.policy.permissions import Permission, Reach, Scope, StaffLevel, level_named


class Assignment(NamedTuple):
    """One level at one place, with the settings that add to what it grants or take from it."""

    level: StaffLevel
    #: The id of the school or, with the level of a network, of the network.
    place_id: int
    can_manage_users: bool = False
    reads_notes: bool = False
    restricts_revoking: bool = False

    @property
    def grants(self) -> Mapping[Permission, Scope]:
        """What the level grants under these settings."""
        return grants(
            self.level,
            can_manage_users=self.can_manage_users,
            reads_notes=self.reads_notes,
            restricts_revoking=self.restricts_revoking,
        )


_AT_SCHOOL = (Membership.level, Membership.school_id, School.restricts_revoking)
_AT_NETWORK = (
    NetworkMembership.level,
    NetworkMembership.network_id,
    NetworkMembership.can_manage_users,
    Network.reads_notes,
)


def with_assignments(statement: Select[Any], account_id: InstrumentedAttribute[int]) -> Select[Any]:
    """Return `statement` with the levels of `account_id`, a column of it, in columns behind its own.

    Each row then names one level at a school and one at a network, where there are any: an account with several
    is in several rows.
    """
    return (
        statement.add_columns(*_AT_SCHOOL, *_AT_NETWORK)
        .outerjoin(Membership, Membership.staff_id == account_id)
        .outerjoin(School, School.id == Membership.school_id)
        .outerjoin(NetworkMembership, NetworkMembership.staff_id == account_id)
        .outerjoin(Network, Network.id == NetworkMembership.network_id)
    )


def read_assignments(rows: Iterable[Sequence[Any]]) -> frozenset[Assignment]:
    """Return the levels that the rows of such a statement name; each once."""
    found = set()
    for row in rows:
        *_, at_school, school_id, restricts_revoking, at_network, network_id, can_manage, reads_notes = row
        if at_school:
            found.add(Assignment(level_named(at_school), school_id, restricts_revoking=restricts_revoking))
        if at_network:
            found.add(Assignment(level_named(at_network), network_id, can_manage, reads_notes))
    return frozenset(found)


@lru_cache(maxsize=1024)
def reaches_with(assignments: frozenset[Assignment]) -> Mapping[Permission, frozenset[Reach]]:
    """Return how far each permission reaches for somebody who has all of these levels."""
    places: dict[Permission, dict[Scope, set[int]]] = {}
    for assignment in assignments:
        for permission, scope in assignment.grants.items():
            places.setdefault(permission, {}).setdefault(scope, set()).add(assignment.place_id)
    return MappingProxyType(
        {
            permission: frozenset(Reach(scope, frozenset(ids)) for scope, ids in by_scope.items())
            for permission, by_scope in places.items()
        }
    )
