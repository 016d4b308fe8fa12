"""The students chosen on a list: those ticked, or everyone whom the search fields find.

A selection is a query. Each time it is executed, it finds only students in the reach of the account at that moment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple, Protocol, Self

from sqlalchemy import ColumnElement, and_, func, select

from portal.db import Refused, db
from portal.models.students.student import Student
from portal.policy.permissions import Permission
from portal.policy.reach import Asker
from portal.text.language import gettext as _

#: The greatest number of ticked students that one form may send.
MOST_TICKS = 5_000


class OutOfReach(Exception):
    """A requested row does not exist or is out of reach of the account. Either way the answer is 404."""


class ListFilter(Protocol):
    """The filter of a list of students."""

    @property
    def query(self) -> dict[str, str]:
        """The fields of the filter, for an address or hidden fields."""

    def criteria(self) -> list[ColumnElement[bool]]:
        """Return the criteria on Student."""

    def bounds(self) -> list[ColumnElement[bool]]:
        """Return the criteria for all students that the list can show: nobody else can be ticked on it."""

    def _replace(self, *, after: str = ...) -> Any:
        """Return the same filter for another page."""


class Snapshot(NamedTuple):
    """The number of chosen students and a digest of their ids, which a form sends back.

    The digest is empty for ticked students, because the form sends their ids.
    """

    students: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class Selection:
    """`ids` are the public ids that were ticked; None stands for everyone whom `list_filter` describes."""

    list_filter: ListFilter
    ids: frozenset[str] | None

    @classmethod
    def of(cls, list_filter: ListFilter, *, ids: Sequence[str], everyone: bool) -> Self:
        """Read a selection from a form. Raises Refused when nobody or more than MOST_TICKS were ticked."""
        ticked = None if everyone else frozenset(ids)
        if ticked is not None and not ticked:
            raise Refused(_("Nobody is chosen. Tick at least one student, or choose all of the list."))
        if ticked is not None and len(ticked) > MOST_TICKS:
            raise Refused(
                _("Tick at most %(most)s students, or choose all of the list.", most=f"{MOST_TICKS:,}")
            )
        return cls(list_filter=list_filter._replace(after=""), ids=ticked)

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The names and values of hidden fields that send the same selection again."""
        ticked = [("all", "1")] if self.ids is None else [("ids", each) for each in sorted(self.ids)]
        return [*ticked, *self.list_filter.query.items()]

    def criterion(self, by: Asker, permission: Permission) -> ColumnElement[bool]:
        """Return the criterion on Student for the chosen students on whom `by` holds `permission`."""
        chosen = (
            self.list_filter.criteria()
            if self.ids is None
            else [self._are_ticked, *self.list_filter.bounds()]
        )
        return and_(Student.reachable(by, permission), *chosen)

    def count(self, by: Asker, permission: Permission) -> int:
        """Count the chosen students. Raises OutOfReach when a ticked one does not exist for `by`.

        Raises Refused when a ticked student exists but is no longer on the list.
        """
        found = _count(self.criterion(by, permission))
        if self.ids is None or found == len(self.ids):
            return found
        if _count(and_(Student.reachable(by, permission), self._are_ticked)) < len(self.ids):
            raise OutOfReach
        raise Refused(_has_changed(len(self.ids), found))

    def snapshot(self, by: Asker, permission: Permission) -> Snapshot:
        """Return the snapshot of the students chosen now. Raises as `count`."""
        if self.ids is not None:
            return Snapshot(self.count(by, permission), "")
        chosen = select(Student.id).where(self.criterion(by, permission))
        ids = sorted(db.session.scalars(chosen))
        return Snapshot(len(ids), sha256(repr(ids).encode()).hexdigest())

    def refuse_if_changed(self, seen: Snapshot, by: Asker, permission: Permission) -> None:
        """Raise Refused when other students are chosen now than in `seen`, even if the number is the same.

        Then the author has not seen the students whom the act would change. Raises as `count`, too.
        """
        found = self.snapshot(by, permission)
        if found != seen:
            raise Refused(_has_changed(seen.students, found.students))

    @property
    def _are_ticked(self) -> ColumnElement[bool]:
        return Student.public_id.in_(self.ids or ())


def _count(are_meant: ColumnElement[bool]) -> int:
    return db.session.scalars(select(func.count()).select_from(Student).where(are_meant)).one()


def _has_changed(shown: int, found: int) -> str:
    if shown == found:
        return _("The list has changed: other students are in it now. Nothing was done. Look again.")
    return _(
        "The list has changed: %(shown)s students were chosen, now it is %(found)s. "
        "Nothing was done. Look again.",
        shown=f"{shown:,}",
        found=f"{found:,}",
    )
