"""Rule B6: many people at once, protected ones left out and named."""

import pytest
from sqlalchemy import select

from portal import db
from portal.db import Refused
from portal.models import Event, EventKind, Membership
from portal.models.users.level_batch import change_levels, plan_levels
from portal.policy.permissions import AccessLevel
from tests.statements import counted

L = AccessLevel


def at_work(*people) -> list[Membership]:
    ids = [person.id for person in people]
    return list(
        db.session.scalars(select(Membership).where(Membership.staff_id.in_(ids)).order_by(Membership.id))
    )


def names(people) -> list[str]:
    return [row.staff.given_name for row in people]


def test_a_plan_says_who_changes_who_has_it_and_who_is_left_out(cast):
    everyone = at_work(cast.hana, cast.delia, cast.otto, cast.vera, cast.nils)

    plan = plan_levels(everyone, L.SCHOOL_WIDE_VIEWER, by=cast.delia)

    assert names(plan.changing) == ["Otto", "Nils"]
    assert names(plan.same) == ["Vera"]
    assert {row.staff.given_name: reason.split(".")[0] for row, reason in plan.left_out} == {
        "Hana": "The School Admin comes from the staff file",
        "Delia": "Nobody changes their own access level",
    }


def test_each_change_is_recorded_and_the_protected_stay(cast):
    everyone = at_work(cast.hana, cast.delia, cast.otto, cast.ada, cast.carl)

    with db.writing():
        done = change_levels(everyone, L.SCHOOL_WIDE_VIEWER, by=cast.delia)

    assert names(done.changing) == ["Otto", "Ada", "Carl"]
    recorded = db.session.scalars(select(Event).where(Event.kind == EventKind.LEVEL_CHANGED.value)).all()
    assert {event.about_id for event in recorded} == {cast.otto.id, cast.ada.id, cast.carl.id}
    assert {event.account_id for event in recorded} == {cast.delia.id}
    assert [row.level for row in at_work(cast.hana, cast.delia)] == ["school_admin", "delegated_admin"]


@pytest.mark.parametrize("level", [L.SCHOOL_ADMIN])
def test_a_level_that_is_never_given_is_given_to_nobody(cast, level):
    with pytest.raises(Refused, match="comes from the staff file"), db.writing():
        change_levels(at_work(cast.otto, cast.ada), level, by=cast.hana)

    assert "school_admin" not in {row.level for row in at_work(cast.otto, cast.ada)}


def test_nobody_is_not_enough(cast):
    with pytest.raises(Refused, match="at least one person"):
        plan_levels([], L.NO_ACCESS, by=cast.hana)


def test_a_plan_costs_the_same_for_two_as_for_six(cast):
    few, many = (
        at_work(cast.otto, cast.vera),
        at_work(cast.hana, cast.delia, cast.otto, cast.vera, cast.ada, cast.carl),
    )
    with counted() as for_few:
        plan_levels(few, L.CASELOAD_VIEWER, by=cast.hana)
    with counted() as for_many:
        plan_levels(many, L.CASELOAD_VIEWER, by=cast.hana)

    assert len(for_few) == len(for_many) == 1
