"""Which levels somebody may give to others: nobody grants what they do not hold, as far or farther (rule B8)."""

from typing import Final

from portal.policy.permissions import APPOINTED, GRANTS, AccessLevel, NetworkLevel, Permission, Scope

P, S = Permission, Scope

#: From narrow to wide, for grants within one school.
_WIDTHS: Final = (S.OWN_ACCOUNT, S.CASELOAD, S.SCHOOL)


def grantable(own: AccessLevel) -> tuple[AccessLevel, ...]:
    """The levels that somebody at `own` may give to others: none that grants more than they hold."""
    if P.MANAGE_USERS not in GRANTS[own]:
        return ()
    return tuple(level for level in AccessLevel if level not in APPOINTED and covers(own, level))


def covers(own: AccessLevel, other: AccessLevel) -> bool:
    """Whether `own` grants everything that `other` does, as far or farther."""
    held = GRANTS[own]
    return all(
        permission in held and _WIDTHS.index(scope) <= _WIDTHS.index(held[permission])
        for permission, scope in GRANTS[other].items()
    )


def has_portfolio(level: NetworkLevel) -> bool:
    """Whether it reaches the schools of a portfolio rather than the whole network."""
    return S.PORTFOLIO in GRANTS[level].values()


def covers_at_network(own: NetworkLevel, other: NetworkLevel, *, is_wide: bool) -> bool:
    """Whether `own` grants everything that `other` does, as far or farther; a wide portfolio is the network."""
    held, widths = GRANTS[own], {S.OWN_ACCOUNT: 0, S.PORTFOLIO: 1, S.NETWORK: 2}
    return all(
        permission in held and widths[scope] <= (2 if is_wide else widths[held[permission]])
        for permission, scope in GRANTS[other].items()
    )
