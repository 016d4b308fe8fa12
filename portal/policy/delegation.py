"""Which access somebody may give to others: nobody gives what they do not hold, as far or farther (rule B8)."""

from collections.abc import Mapping
from typing import NamedTuple

from portal.policy.evaluator import grants, has_portfolio
from portal.policy.levels import APPOINTED, AccessLevel, StaffLevel
from portal.policy.permissions import Permission, Scope

#: Each lets somebody give access to others: at a school, and at a network.
MANAGING = frozenset({Permission.MANAGE_USERS, Permission.MANAGE_NETWORK_USERS})


class Portfolio(NamedTuple):
    """All schools of a network, those that join later too; or only the listed ones (rule B17)."""

    is_all: bool = False
    school_ids: frozenset[int] = frozenset()

    def contains(self, other: "Portfolio") -> bool:
        """Return whether every school of `other` is in this portfolio."""
        return self.is_all or (not other.is_all and other.school_ids <= self.school_ids)


class Access(NamedTuple):
    """What somebody holds at one school or network.

    At a school that is the level alone. A portfolio counts with a level that has one; with another level it
    is kept for later.
    """

    level: StaffLevel
    can_manage_users: bool = False
    portfolio: Portfolio = Portfolio()

    @property
    def manages_users(self) -> bool:
        """Whether it lets somebody give access to others."""
        return not MANAGING.isdisjoint(self._grants())

    def may_give(self, to: "Access") -> bool:
        """Return whether somebody who holds this may give `to` to others."""
        return self.manages_users and to.level not in APPOINTED and self.covers(to)

    def covers(self, other: "Access") -> bool:
        """Return whether this grants everything that `other` does, as far or farther.

        Access at a school and access at a network never cover each other.
        """
        if type(self.level) is not type(other.level):
            return False
        held = self._grants()
        is_granted = all(
            permission in held and held[permission].covers(scope)
            for permission, scope in other._grants().items()
        )
        both_have_portfolios = has_portfolio(self.level) and has_portfolio(other.level)
        return is_granted and (not both_have_portfolios or self.portfolio.contains(other.portfolio))

    def _grants(self) -> Mapping[Permission, Scope]:
        """Return what the level grants. With a portfolio of all schools it reaches as far as the network."""
        granted = grants(self.level, can_manage_users=self.can_manage_users)
        widened = {Scope.PORTFOLIO: Scope.NETWORK} if self.portfolio.is_all else {}
        return {permission: widened.get(scope, scope) for permission, scope in granted.items()}


def grantable(own: Access) -> tuple[AccessLevel, ...]:
    """Return the levels that somebody who holds `own` at a school may give to others there."""
    return tuple(level for level in AccessLevel if own.may_give(Access(level)))
