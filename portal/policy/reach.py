"""Reach is a query: the rows on which somebody holds a permission, said in SQL."""

from functools import lru_cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import Integer, Select, bindparam, false, or_, select
from sqlalchemy.sql import ColumnElement

from portal.policy.permissions import Permission, Reach, Scope

if TYPE_CHECKING:
    from portal.models.accounts.account import Account

Scopes = frozenset[Scope]


class Scoped:
    """A model whose rows an account reaches only through its grants."""

    @classmethod
    def within(cls, reach: Reach, account: "Account") -> ColumnElement[bool]:
        """The rows that lie inside `reach`, seen from `account`; nothing where the scope has no meaning.

        It may know nothing of the account but its id, and no time but that of when the statement is executed: the
        pages one opens all day keep what it returns.
        """
        raise NotImplementedError

    @classmethod
    def visible_to(cls, account: "Account", permission: Permission) -> Select[Self]:
        """Select the rows on which `account` holds `permission`."""
        return select(cls).where(cls.reachable(account, permission))

    @classmethod
    def reachable(cls, account: "Account", permission: Permission) -> ColumnElement[bool]:
        """The criterion behind `visible_to`, for counts and lists of columns."""
        reaches = account.reaches(permission)
        return or_(false(), *(cls.within(reach, account) for reach in reaches))

    @classmethod
    @lru_cache(maxsize=256)
    def reachable_by_asker(cls, scopes: Scopes) -> ColumnElement[bool]:
        """The same criterion for statements that are built once: who asks is told by the parameters of `asked_by`."""
        return or_(false(), *(cls.within(somewhere(scope), SOMEBODY) for scope in sorted(scopes)))

    @classmethod
    @lru_cache(maxsize=256)
    def with_public_id(cls, scopes: Scopes) -> Select[Self]:
        """Select the row of `public_id`, one more parameter: building this takes as long as asking it."""
        is_named = cls.public_id == bindparam("public_id")  # type: ignore[attr-defined]
        return select(cls).where(is_named, cls.reachable_by_asker(scopes))


def asked_by(
    account: "Account", permission: Permission, *, at: int | None = None
) -> tuple[Scopes, dict[str, object]]:
    """In which scopes `account` holds `permission`, and the parameters for statements built for these.

    With `at`, only as far as it is held at the network with that id.
    """
    reaches = [each for each in account.reaches(permission) if at is None or each.is_at_network(at)]
    places = {_name(scope): list(places) if at is None else [at] for scope, places in reaches}
    return frozenset(reach.scope for reach in reaches), places | {"asker_id": account.id}


def somewhere(scope: Scope) -> Reach:
    """A reach whose places are told later, by the parameters of `asked_by`."""
    places: Any = bindparam(_name(scope), type_=Integer, expanding=True)
    return Reach(scope, places)


def _name(scope: Scope) -> str:
    return f"{scope.name.lower()}_places"


#: An account whose id is told later, likewise.
SOMEBODY: Any = SimpleNamespace(id=bindparam("asker_id", type_=Integer))
