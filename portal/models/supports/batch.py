"""Putting everybody who was chosen on a list into one support."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, not_, select

from portal.db import db
from portal.models.accounts.account import Account
from portal.models.rows import Done
from portal.models.schools.school import School
from portal.models.students.selection import Selection, Snapshot
from portal.models.students.student import Student
from portal.models.supports.adding import Days, place
from portal.models.supports.support import Support
from portal.policy.permissions import Permission


class Plan(NamedTuple):
    """Who was chosen, and how many of them can be in a support: who has left cannot."""

    seen: Snapshot
    fit: int

    @property
    def left_out(self) -> int:
        return self.seen.students - self.fit


def plan_of(selection: Selection, *, by: Account) -> Plan:
    """Whom it is about. Raises OutOfReach and Refused as `Selection.count`."""
    seen = selection.snapshot(by, Permission.EDIT_STUDENT)
    are_chosen = selection.criterion(by, Permission.EDIT_STUDENT)
    fit = select(func.count()).where(are_chosen, Student.is_enrolled())
    return Plan(seen, db.session.scalars(fit).one())


def open_supports(school: School) -> Sequence[Support]:
    """Those that students can be put into: they run, or are to begin; by name."""
    still_open = select(Support).where(Support.school_id == school.id, not_(Support.is_over()))
    return db.session.scalars(still_open.order_by(Support.name, Support.id)).all()


def place_all(selection: Selection, support: Support, *, days: Days, seen: Snapshot, by: Account) -> Done:
    """All of them, or none. Raises Refused when they are others than were `seen`, and as `place`."""
    selection.refuse_if_changed(seen, by, Permission.EDIT_STUDENT)
    return place(selection.criterion(by, Permission.EDIT_STUDENT), support, by=by, days=days)
