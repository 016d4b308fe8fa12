"""The list of a network's people, of columns, in one statement."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from portal.db import db
from portal.models.accounts.account import Account, Staff
from portal.models.schools.network import Network, NetworkSchool
from portal.models.users.network_membership import NetworkMembership, PortfolioSchool
from portal.policy.evaluator import grants, has_portfolio
from portal.policy.permissions import Permission, Scope, level_named

#: A district's office is no larger; who looks for somebody else searches.
MOST_SHOWN = 200


class NetworkUser(NamedTuple):
    """One person in the list. `schools` counts those of the portfolio that belong to the network."""

    public_id: str
    level: str
    has_manage_users: bool
    portfolio_is_all: bool
    name: str
    email: str
    title: str | None
    last_signed_in_at: datetime | None
    is_closed: bool
    schools: int

    @property
    def label(self) -> str:
        """The access level as it is called on screen."""
        return level_named(self.level).label

    @property
    def has_school_list(self) -> bool:
        """Whether the person reaches the listed schools of a portfolio rather than all."""
        return has_portfolio(level_named(self.level)) and not self.portfolio_is_all

    @property
    def sees_all_schools(self) -> bool:
        """Whether the person sees the network, where there is no list of schools."""
        return Permission.VIEW_NETWORK in self._grants

    @property
    def manages_users(self) -> bool:
        """Whether the person may add and change users of the network."""
        return Permission.MANAGE_NETWORK_USERS in self._grants

    @property
    def _grants(self) -> Mapping[Permission, Scope]:
        return grants(level_named(self.level), can_manage_users=self.has_manage_users)


def network_users(network: Network, words: str, *, by: Account) -> list[NetworkUser]:
    """Return, by name, those in `by`'s reach whose name and email contain each of `words`."""
    rows = select(*_COLUMNS).join(Staff, Staff.id == NetworkMembership.staff_id)
    rows = rows.where(
        NetworkMembership.network_id == network.id,
        NetworkMembership.reachable(by, Permission.MANAGE_NETWORK_USERS),
        Staff.matches(words),
    )
    found = db.session.execute(rows.order_by(Staff.sort_key, NetworkMembership.id).limit(MOST_SHOWN))
    return [NetworkUser._make(row) for row in found]


_LISTED = (
    select(func.count())
    .select_from(PortfolioSchool)
    .join(NetworkSchool, NetworkSchool.school_id == PortfolioSchool.school_id)
    .where(
        PortfolioSchool.network_membership_id == NetworkMembership.id,
        NetworkSchool.network_id == NetworkMembership.network_id,
    )
    .correlate(NetworkMembership)
    .scalar_subquery()
)

_COLUMNS = (
    NetworkMembership.public_id,
    NetworkMembership.level,
    NetworkMembership.can_manage_users,
    NetworkMembership.portfolio_is_all,
    Staff.name,
    Staff.email,
    Staff.title,
    Staff.last_signed_in_at,
    Staff.is_closed(),
    _LISTED.label("schools"),
)
