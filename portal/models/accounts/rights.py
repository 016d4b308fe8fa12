"""What an account may do, and where: its grants, the rows it has been shown, the schools where it works."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from portal.db import Scoped, db
from portal.models.loaded import loaded
from portal.models.schools.school import School
from portal.models.users.assignments import Assignment
from portal.policy.permissions import Permission, Reach, Scope


class Rights:
    """The part of an account that says what it may do. The kinds of account say what they are granted.

    Everything is read once for each request and transaction: `forget_rights` is called when the row expires.
    """

    if TYPE_CHECKING:
        id: Any

        def is_closed(self) -> bool:
            """Return whether the account is blocked everywhere."""

    #: The levels, and the columns of the schools where they are, where these were read already.
    _assignments = None  # type: frozenset[Assignment] | None
    _schools = None  # type: Mapping[int, Mapping[str, Any]] | None

    @property
    def assignments(self) -> frozenset[Assignment]:
        """The levels of the account at its schools and networks. What depends on nothing else may be kept by them."""
        return frozenset()

    def _grants(self) -> Mapping[Permission, frozenset[Reach]]:
        raise NotImplementedError

    @cached_property
    def _granted(self) -> Mapping[Permission, frozenset[Reach]]:
        return {} if self.is_closed() else self._grants()

    def reaches(self, permission: Permission) -> frozenset[Reach]:
        """Return how far this account holds `permission`; empty when it does not."""
        return self._granted.get(permission, frozenset())

    def may(self, permission: Permission, on: Scoped | None = None) -> bool:
        """Return whether this account holds `permission`, anywhere or on the row `on`."""
        reaches = self.reaches(permission)
        if on is None or not reaches:
            return bool(reaches)
        return self._has_been_shown(on, reaches) or self._finds(on, permission)

    def may_at_school(self, permission: Permission, school_id: int) -> bool:
        """Return whether this account holds `permission` by working at that school, if only for a caseload."""
        return any(reach.is_at_school(school_id) for reach in self.reaches(permission))

    def may_at_network(self, permission: Permission, network_id: int) -> bool:
        """Return whether this account holds `permission` at that network, if only for a portfolio."""
        return any(reach.is_at_network(network_id) for reach in self.reaches(permission))

    def has_reached(self, row: Scoped, permission: Permission) -> None:
        """Remember that `row` is in the reach of `permission`: `may` needs no query for those that reach as far."""
        self._shown.setdefault(_key(row), set()).add(self.reaches(permission))

    @cached_property
    def _shown(self) -> dict[tuple[str, int], set[frozenset[Reach]]]:
        return {}

    def _has_been_shown(self, row: Scoped, reaches: frozenset[Reach]) -> bool:
        return any(shown <= reaches for shown in self._shown.get(_key(row), ()))

    def _finds(self, row: Scoped, permission: Permission) -> bool:
        model: Any = type(row)
        found = model.visible_to(self, permission).where(model.id == _key(row)[1]).with_only_columns(model.id)
        return db.session.scalar(found) is not None

    def known_schools(self, permission: Permission) -> list[School] | None:
        """Return the schools where this account holds `permission`, in any order; None where only a query can say."""
        known, reaches = self._schools, self.reaches(permission)
        if known is None or any(reach.scope not in (Scope.SCHOOL, Scope.CASELOAD) for reach in reaches):
            return None
        return [loaded(School, known[place]) for reach in reaches for place in reach.places]

    def set_rights(self, levels: frozenset[Assignment], schools: Iterable[Mapping[str, Any]]) -> None:
        """Keep the levels, and the columns of their schools, that were read together with the row."""
        self.forget_rights()
        self._assignments, self._schools = levels, {school["id"]: school for school in schools}

    def forget_rights(self) -> None:
        """Forget what this account may do, so that it is read anew: levels changed within this request."""
        self._assignments = self._schools = None
        self.__dict__.pop("_granted", None)
        self.__dict__.pop("_shown", None)


def _key(row: Scoped) -> tuple[str, int]:
    return type(row).__name__, row.id  # type: ignore[attr-defined]
