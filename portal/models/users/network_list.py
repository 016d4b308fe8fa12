"""The people of one network, by name: columns only, one statement."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select

from portal.db import db
from portal.models.accounts.account import Account, Staff
from portal.models.rows import fold
from portal.models.schools.network import Network, NetworkSchool
from portal.models.users.network_membership import NetworkMembership, PortfolioSchool
from portal.policy.permissions import Permission

#: A district's office is no larger; who looks for somebody else searches.
MOST_SHOWN = 200


def network_users(network: Network, words: str, *, by: Account) -> Sequence[Row[*tuple[Any, ...]]]:
    """Those in `by`'s reach whose name or email holds all of `words`."""
    rows = select(*_COLUMNS).join(Staff, Staff.id == NetworkMembership.staff_id)
    rows = rows.where(
        NetworkMembership.network_id == network.id,
        NetworkMembership.reachable(by, Permission.MANAGE_NETWORK_USERS),
        *(Staff.search_key.contains(word, autoescape=True) for word in fold(words).split()),
    )
    return db.session.execute(rows.order_by(Staff.sort_key, NetworkMembership.id).limit(MOST_SHOWN)).all()


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
    Staff.given_name,
    Staff.family_name,
    Staff.email,
    Staff.title,
    Staff.last_signed_in_at,
    Staff.closed_at,
    _LISTED.label("schools"),
)
