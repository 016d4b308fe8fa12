"""Set one field of many students from the Data Grid (rule B14), after its present values were shown."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, select

from portal.db import Refused, db
from portal.models.accounts.account import Account, Staff
from portal.models.grid.column import COLUMNS, Column
from portal.models.grid.page import joined
from portal.models.rows import Done
from portal.models.schools.school import School
from portal.models.students.planning import FIELDS, set_field
from portal.models.students.selection import Selection, Snapshot
from portal.models.supports.assigning import assign_point_person, assignable
from portal.models.supports.point_person import PointKind
from portal.policy.permissions import Permission
from portal.text.language import gettext as _

#: What can be set for many at once, by the name of the column.
SETTABLE: Mapping[str, Column] = {
    name: column for name, column in COLUMNS.items() if column.group in ("planning", "point")
}

_KINDS = {f"point_{kind.value}": kind for kind in PointKind}


class GridChangePlan(NamedTuple):
    """What a change would replace. `before` has each present value in words and how many have it, the most first."""

    column: Column
    seen: Snapshot
    before: list[tuple[str | None, int]]


def plan_of(selection: Selection, name: str, *, by: Account) -> GridChangePlan:
    """Return what the chosen students have now.

    Raises Refused for an unknown field and for an empty list, and OutOfReach as `Selection.count` does.
    """
    if name not in SETTABLE:
        raise Refused(_("Choose the field that is to be changed."))
    seen = selection.snapshot(by, Permission.EDIT_STUDENT)
    if not seen.students:
        raise Refused(_("Nobody is in this list any more. Nothing was done."))
    rows = db.session.execute(_values(SETTABLE[name], _are_chosen(selection, by)))
    before = [(None if value is None else SETTABLE[name].words(value), number) for value, number in rows]
    return GridChangePlan(SETTABLE[name], seen, before)


def set_for_all(
    selection: Selection, name: str, value: str, *, school: School, seen: Snapshot, by: Account
) -> Done:
    """Set the field of all chosen students, with its history; of all of them or of none.

    `value` as in PlanningField, or the public id of a point person; "" is none. Raises OutOfReach when one of those
    ticked is not there for `by`, and Refused for a wrong value or when those chosen are not those `seen` any more.
    """
    if name not in SETTABLE:
        raise Refused(_("Choose the field that is to be changed."))
    selection.refuse_if_changed(seen, by, Permission.EDIT_STUDENT)
    are_chosen = _are_chosen(selection, by)
    if name in FIELDS:
        return set_field(are_chosen, name, value, by=by)
    return assign_point_person(are_chosen, _KINDS[name], _staff(value, school), by=by)


def _are_chosen(selection: Selection, by: Account) -> ColumnElement[bool]:
    return selection.criterion(by, Permission.EDIT_STUDENT)


def _values(column: Column, are_chosen: ColumnElement[bool]) -> Select[Any]:
    counted = joined(select(column.value, func.count()), [column.name])
    return counted.where(are_chosen).group_by(column.value).order_by(func.count().desc(), column.value)


def _staff(public_id: str, school: School) -> Staff | None:
    if not public_id:
        return None
    offered = assignable(school.id).where(and_(Staff.public_id == public_id))
    return db.session.scalar(offered) or _refuse()


def _refuse() -> Staff:
    raise Refused(_("Choose somebody of the list."))
