"""Reach is a query: the rows on which somebody holds a permission, said in SQL."""

from functools import lru_cache
from typing import Any, NamedTuple, Protocol, Self

from sqlalchemy import Integer, Select, bindparam, false, or_, select
from sqlalchemy.sql import ColumnElement

from portal.policy.permissions import Permission, Reach, Scope

Scopes = frozenset[Scope]


class Actor(Protocol):
    """Who acts, as the record of events keeps it: an account, or the operator at the shell."""

    @property
    def id(self) -> int | None:
        """The id of the account; none for the operator."""

    @property
    def acting_from(self) -> str | None:
        """The network address of the present request; none outside of one."""


class Asker(Actor, Protocol):
    """Whose reach is asked for: an account, or the operator."""

    def reaches(self, permission: Permission, /) -> frozenset[Reach]:
        """Return how far `permission` is held; empty when it is not."""


class Operator:
    """The operator at the shell of the server, who reaches everything at one school. Events name no account."""

    id = None
    acting_from = None

    def __init__(self, school_id: int) -> None:
        self._reaches = frozenset({Reach(Scope.SCHOOL, frozenset({school_id}))})

    def reaches(self, _permission: Permission, /) -> frozenset[Reach]:
        """Return the reach of every permission: that school."""
        return self._reaches


class HasId(Protocol):
    """What a criterion may know of an account: the id, or the parameter that stands for it."""

    @property
    def id(self) -> Any:
        """The id, or a bind parameter."""


class Scoped:
    """A model whose rows an account reaches only through its grants."""

    @classmethod
    def within(cls, reach: Reach, account: HasId) -> ColumnElement[bool]:
        """Return the criterion for the rows inside `reach`, seen from `account`; none where the scope has no meaning.

        It may know no time but that of when the statement is executed: the pages one opens all day keep what
        it returns.
        """
        raise NotImplementedError

    @classmethod
    def visible_to(cls, account: Asker, permission: Permission) -> Select[Self]:
        """Select the rows on which `account` holds `permission`."""
        return select(cls).where(cls.reachable(account, permission))

    @classmethod
    def reachable(cls, account: Asker, permission: Permission) -> ColumnElement[bool]:
        """Return the criterion behind `visible_to`, for counts and lists of columns."""
        reaches = account.reaches(permission)
        return or_(false(), *(cls.within(reach, account) for reach in reaches))

    @classmethod
    @lru_cache(maxsize=256)
    def reachable_by_asker(cls, scopes: Scopes) -> ColumnElement[bool]:
        """Return the same criterion for statements built once: `asked_by` gives the parameters of who asks."""
        return or_(false(), *(cls.within(somewhere(scope), SOMEBODY) for scope in sorted(scopes)))

    @classmethod
    @lru_cache(maxsize=256)
    def with_public_id(cls, scopes: Scopes) -> Select[Self]:
        """Select the row of `public_id`, one more parameter: building this takes as long as asking it."""
        is_named = cls.public_id == bindparam("public_id")  # type: ignore[attr-defined]
        return select(cls).where(is_named, cls.reachable_by_asker(scopes))


def asked_by(
    account: Asker, permission: Permission, *, at: int | None = None
) -> tuple[Scopes, dict[str, object]]:
    """Return in which scopes `account` holds `permission`, and the parameters for statements built for these.

    With `at`, only as far as it is held at the network with that id.
    """
    reaches = [each for each in account.reaches(permission) if at is None or each.is_at_network(at)]
    places = {_name(scope): list(places) if at is None else [at] for scope, places in reaches}
    return frozenset(reach.scope for reach in reaches), places | {"asker_id": account.id}


def somewhere(scope: Scope) -> Reach:
    """Return a reach whose places are told later, by the parameters of `asked_by`."""
    places: Any = bindparam(_name(scope), type_=Integer, expanding=True)
    return Reach(scope, places)


def _name(scope: Scope) -> str:
    return f"{scope.name.lower()}_places"


class _Somebody(NamedTuple):
    id: Any


#: An account whose id is told later, likewise.
SOMEBODY = _Somebody(bindparam("asker_id", type_=Integer))
