"""What may be done with supports and point people, and what is kept of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import db
from portal.db import Refused
from portal.models import (
    Event,
    EventKind,
    PointKind,
    PointPerson,
    Student,
    SupportCategory,
)
from portal.models.supports.adding import Days, add_to_support
from portal.models.supports.assigning import assign_point_person, assignable
from portal.models.supports.support import Terms
from portal.policy.permissions import Permission
from tests import rows

TODAY = rows.MORNING.date()


@pytest.fixture(autouse=True)
def _morning(now):
    """Nothing here depends on the day on which it is run."""


def test_the_lead_must_hold_a_level_at_the_school(cast):
    for nobody in (cast.nils, cast.sam, cast.nora):
        with pytest.raises(Refused):
            rows.support_led_by(nobody, cast.lucia)


def test_days_must_follow_each_other(cast):
    with pytest.raises(Refused):
        rows.support_led_by(cast.ada, cast.lucia, last_day=TODAY - timedelta(days=1))


@pytest.mark.parametrize("who", ["ada", "carl", "vera"])
def test_whoever_may_not_create_supports_cannot_add_to_the_one_they_lead(cast, who):
    support = rows.support_led_by(getattr(cast, who), cast.mia)

    with pytest.raises(Refused, match="is seen by its lead"), db.writing():
        add_to_support(Student.id == cast.lucia.id, support, by=getattr(cast, who))


def test_students_of_other_schools_and_former_ones_are_left_out(cast):
    support = rows.support_led_by(cast.ada, cast.lucia)

    with db.writing():
        placed = add_to_support(
            Student.id.in_([cast.lucia.id, cast.ines.id, cast.tomas.id, cast.leo.id]), support, by=cast.otto
        )

    assert placed == (1, 1)


def test_a_lapsed_place_makes_room_for_a_new_one(cast, now):
    support = rows.support_led_by(cast.ada, cast.lucia)
    with db.writing():
        add_to_support(Student.id == cast.ines.id, support, by=cast.otto, days=Days(last=TODAY))
    now.shift(timedelta(days=3))

    with db.writing():
        assert add_to_support(Student.id == cast.ines.id, support, by=cast.otto) == (1, 0)

    assert cast.ada.may(Permission.VIEW_STUDENT, cast.ines)


def test_an_ended_support_takes_no_students_and_no_changes(cast):
    support = rows.support_led_by(cast.ada, cast.lucia)
    with db.writing():
        support.end(by=cast.otto)
        support.end(by=cast.hana)

    assert support.ended_by_id == cast.otto.id
    with pytest.raises(Refused, match="has ended"), db.writing():
        add_to_support(Student.id == cast.ines.id, support, by=cast.otto)
    with pytest.raises(Refused, match="was ended"), db.writing():
        support.change(Terms("Other", SupportCategory.OTHER, cast.ada, TODAY), seen=1, by=cast.otto)


def test_only_staff_with_edit_access_may_be_point_people(cast):
    offered = {staff.given_name for staff in db.session.scalars(assignable(cast.lincoln.id))}

    assert offered == {"Hana", "Delia", "Otto", "Ada", "Priya"}
    for nobody in (cast.vera, cast.carl, cast.nils, cast.sam):
        with pytest.raises(Refused):
            rows.make_point_person(nobody, cast.mia, by=cast.otto)


def test_appointing_many_counts_what_changed_and_keeps_what_was(cast):
    rows.make_point_person(cast.ada, cast.mia, PointKind.REGENTS, by=cast.otto)

    with db.writing():
        done = assign_point_person(
            Student.homeroom_id == cast.class_2a.id, PointKind.REGENTS, cast.ada, by=cast.hana
        )
        again = assign_point_person(
            Student.homeroom_id == cast.class_2a.id, PointKind.REGENTS, cast.ada, by=cast.hana
        )
        other = assign_point_person(
            Student.homeroom_id == cast.class_2a.id, PointKind.REGENTS, cast.otto, by=cast.hana
        )

    assert (done, again, other) == ((2, 1), (0, 3), (3, 0))
    history = (
        select(PointPerson)
        .filter_by(student_id=cast.mia.id, kind=PointKind.REGENTS.value)
        .order_by(PointPerson.id)
    )
    assert [(row.staff_id, row.appointed_by_id, row.ended_by_id) for row in db.session.scalars(history)] == [
        (cast.ada.id, cast.otto.id, cast.hana.id),
        (cast.otto.id, cast.hana.id, None),
    ]


def test_what_happens_is_on_record(cast):
    support = rows.support_led_by(cast.ada, cast.lucia)
    rows.make_point_person(cast.ada, cast.mia, by=cast.otto)
    with db.writing():
        support.end(by=cast.otto)

    told = db.session.execute(select(Event.kind, Event.student_id, Event.about_id).order_by(Event.id)).all()
    assert told[-4:] == [
        (EventKind.SUPPORT_CREATED.value, None, cast.ada.id),
        (EventKind.ADDED_TO_SUPPORT.value, cast.lucia.id, cast.ada.id),
        (EventKind.POINT_PERSON_APPOINTED.value, cast.mia.id, cast.ada.id),
        (EventKind.SUPPORT_ENDED.value, None, cast.ada.id),
    ]
