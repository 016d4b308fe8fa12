"""Which students were chosen on a list: these ticked ones, or everyone whom the search fields describe.

It is a question, not a list: each time it is asked, it is answered within the asker's reach at that moment.
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

#: Ticks that one form may carry; beyond it, "all matching" says the same in a few words.
MOST_TICKS = 5_000


class OutOfReach(Exception):
    """A row that was asked for does not exist for this account. Answered with the 404 of any such row."""


class ListFilter(Protocol):
    """What describes students: the search fields of a list."""

    @property
    def query(self) -> dict[str, str]:
        """For an address or hidden fields."""

    def criteria(self) -> list[ColumnElement[bool]]:
        """In SQL, over Student."""

    def bounds(self) -> list[ColumnElement[bool]]:
        """Whom its list can show at all, however it is narrowed: nobody else can be ticked on it."""

    def _replace(self, *, after: str = ...) -> Any:
        """The same on another page."""


class Snapshot(NamedTuple):
    """Who was looked at: how many, and a digest of who they are, for a form to send back.

    The digest is empty where they were ticked: the form says who they are.
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
        """From what a form sent. Raises Refused when nobody, or more than MOST_TICKS, were ticked."""
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
        """Names and values of the hidden fields that send the same selection again."""
        ticked = [("all", "1")] if self.ids is None else [("ids", each) for each in sorted(self.ids)]
        return [*ticked, *self.list_filter.query.items()]

    def criterion(self, by: Asker, permission: Permission) -> ColumnElement[bool]:
        """The chosen students on whom `by` holds `permission`, for any statement over Student."""
        chosen = (
            self.list_filter.criteria()
            if self.ids is None
            else [self._are_ticked, *self.list_filter.bounds()]
        )
        return and_(Student.reachable(by, permission), *chosen)

    def count(self, by: Asker, permission: Permission) -> int:
        """How many are chosen. Raises OutOfReach when one of those ticked is not there for `by`.

        Raises Refused when one of them is there, but has left the list since.
        """
        found = _count(self.criterion(by, permission))
        if self.ids is None or found == len(self.ids):
            return found
        if _count(and_(Student.reachable(by, permission), self._are_ticked)) < len(self.ids):
            raise OutOfReach
        raise Refused(_has_changed(len(self.ids), found))

    def snapshot(self, by: Asker, permission: Permission) -> Snapshot:
        """Who is chosen now. Raises as `count`."""
        if self.ids is not None:
            return Snapshot(self.count(by, permission), "")
        chosen = select(Student.id).where(self.criterion(by, permission))
        ids = sorted(db.session.scalars(chosen))
        return Snapshot(len(ids), sha256(repr(ids).encode()).hexdigest())

    def refuse_if_changed(self, seen: Snapshot, by: Asker, permission: Permission) -> None:
        """As `count`, for a form that was filled in when `seen` were chosen.

        Raises Refused when they are others now, if only one for one: then nothing may be done that nobody has seen.
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
