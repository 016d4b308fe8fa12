"""Giving several people another access level in one go: what would happen, and doing it."""

from collections.abc import Sequence
from typing import NamedTuple

from portal.db import Refused, db
from portal.models.users.level_change import change_level
from portal.models.users.level_rules import objection_to_access, objection_to_person
from portal.models.users.membership import Membership, lock_schools
from portal.policy.delegation import Access
from portal.policy.permissions import AccessLevel
from portal.policy.reach import Actor
from portal.text.language import gettext as _

#: People in one batch: more than a school has staff, and few enough to be named on a page.
MOST_AT_ONCE = 1_000


class LevelBatch(NamedTuple):
    """Who gets the level, who has it already, and who is left out and why."""

    to: AccessLevel
    changing: list[Membership]
    same: list[Membership]
    left_out: list[tuple[Membership, str]]

    @property
    def invited(self) -> int:
        """How many come in for the first time: they get a mail to choose a password."""
        return sum(row.staff.password_hash is None and not row.is_open for row in self.changing)


def plan_levels(rows: Sequence[Membership], to: AccessLevel, *, by: Actor) -> LevelBatch:
    """Return what giving `to` to each of these would do now. Raises Refused when `by` may not give it to anybody."""
    if not rows or len(rows) > MOST_AT_ONCE:
        raise Refused(_("Choose at least one person, and at most %(most)s.", most=f"{MOST_AT_ONCE:,}"))
    own = {school_id: Membership.access_of(by, school_id) for school_id in {row.school_id for row in rows}}
    for refusal in (objection_to_access(Access(to), own=access) for access in own.values()):
        if refusal:
            raise Refused(refusal)
    plan = LevelBatch(to, [], [], [])
    for row in rows:
        objection = objection_to_person(row, by=by, own=own[row.school_id])
        if objection:
            plan.left_out.append((row, objection))
        else:
            (plan.same if row.has_level(to) else plan.changing).append(row)
    return plan


def change_levels(rows: Sequence[Membership], to: AccessLevel, *, by: Actor) -> LevelBatch:
    """Give `to` to each of these who may get it, in the open transaction; the rest is left out. Raises Refused."""
    lock_schools({row.school_id for row in rows})
    for row in rows:
        db.session.refresh(row, ["level", "review_since"])
    plan = plan_levels(rows, to, by=by)
    for row in plan.changing:
        change_level(row, Access(to), by=by)
    return plan
