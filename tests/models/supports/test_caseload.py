"""Whom a caseload level sees: by classes, by supports they lead, as point person; and no longer, once that ends."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from portal import clock, db
from portal.models import (
    Enrolment,
    Membership,
    PointKind,
    Student,
    SupportStudent,
)
from portal.models.supports.adding import Days, add_to_support
from portal.models.supports.assigning import assign_point_person
from portal.policy.permissions import AccessLevel, Permission
from tests import rows

#: In the town of the cast, Chicago, it is the morning of the 16th.
TODAY = date(2026, 11, 16)


@pytest.fixture(autouse=True)
def _morning(now):
    """Nothing here depends on the day on which it is run."""


def seen_by(staff, permission=Permission.VIEW_STUDENT) -> list[str]:
    db.session.expire_all()
    visible = Student.visible_to(staff, permission).order_by(Student.id)
    return [student.given_name for student in db.session.scalars(visible)]


def test_leading_a_support_shows_its_students_while_it_runs(cast):
    support = rows.support_led_by(cast.ada, cast.lucia)

    assert seen_by(cast.ada) == ["Mia", "Noah", "Emil", "Lucía"]

    with db.writing():
        support.end(by=cast.otto)

    assert seen_by(cast.ada) == ["Mia", "Noah", "Emil"]


def test_a_caseload_viewer_sees_them_and_does_not_edit_them(cast):
    rows.support_led_by(cast.carl, cast.lucia)

    assert "Lucía" in seen_by(cast.carl)
    assert seen_by(cast.carl, Permission.EDIT_STUDENT) == []


@pytest.mark.parametrize(
    ("first_day", "last_day", "is_seen"),
    [
        (TODAY, None, True),
        (TODAY, TODAY, True),
        (TODAY + timedelta(days=1), None, False),
        (TODAY - timedelta(days=9), TODAY - timedelta(days=1), False),
    ],
)
def test_a_support_counts_from_its_first_day_to_its_last(cast, first_day, last_day, is_seen):
    support = rows.support_led_by(cast.ada, cast.lucia)
    with db.writing():
        support.first_day, support.last_day = first_day, last_day

    assert ("Lucía" in seen_by(cast.ada)) == is_seen


def test_the_last_day_is_over_at_midnight_where_the_school_is(cast, now):
    rows.support_led_by(cast.ada, cast.lucia, last_day=TODAY)
    midnight = datetime(2026, 11, 17, 6, 0, tzinfo=UTC)  # in Chicago; in London the day is six hours old

    now.move_to(midnight - timedelta(seconds=1))
    assert "Lucía" in seen_by(cast.ada)

    now.move_to(midnight)
    assert "Lucía" not in seen_by(cast.ada)


def test_a_student_is_in_a_support_for_their_own_days(cast, now):
    support = rows.support_led_by(cast.ada, cast.lucia)
    with db.writing():
        add_to_support(Student.id == cast.ines.id, support, by=cast.otto, days=Days(last=TODAY))

    assert "Ines" in seen_by(cast.ada)

    now.shift(timedelta(days=1))
    assert "Ines" not in seen_by(cast.ada)
    assert "Lucía" in seen_by(cast.ada)


def test_enrolments_end_with_their_last_day_where_the_school_is(cast, now):
    with db.writing():
        db.session.execute(
            update(Enrolment).where(Enrolment.student_id == cast.mia.id).values(last_day=TODAY)
        )

    now.move_to(datetime(2026, 11, 17, 5, 59, 59, tzinfo=UTC))
    assert "Mia" in seen_by(cast.ada)

    now.move_to(datetime(2026, 11, 17, 6, 0, tzinfo=UTC))
    assert "Mia" not in seen_by(cast.ada)


def test_a_student_who_is_taken_out_is_gone_at_once(cast):
    support = rows.support_led_by(cast.ada, cast.lucia, cast.ines)
    row = db.session.scalar(select(SupportStudent).filter_by(student_id=cast.lucia.id, support_id=support.id))

    with db.writing():
        row.end(by=cast.otto)

    assert seen_by(cast.ada) == ["Mia", "Noah", "Emil", "Ines"]


def test_a_new_lead_sees_the_students_and_the_former_one_does_not(cast):
    support = rows.support_led_by(cast.ada, cast.lucia)

    with db.writing():
        support.change(support.terms._replace(lead=cast.carl), seen=1, by=cast.otto)

    assert "Lucía" not in seen_by(cast.ada)
    assert "Lucía" in seen_by(cast.carl)


def test_a_point_person_sees_the_student_until_replaced(cast):
    rows.make_point_person(cast.ada, cast.lucia, by=cast.otto)
    assert "Lucía" in seen_by(cast.ada)

    rows.make_point_person(cast.delia, cast.lucia, by=cast.otto)
    assert "Lucía" not in seen_by(cast.ada)


def test_removing_one_reason_leaves_the_others(cast):
    support = rows.support_led_by(cast.ada, cast.mia)
    rows.make_point_person(cast.ada, cast.mia, by=cast.otto)
    with db.writing():
        support.end(by=cast.otto)
        db.session.execute(
            update(Enrolment).where(Enrolment.student_id == cast.mia.id).values(ended_at=clock.now())
        )

    assert "Mia" in seen_by(cast.ada)

    with db.writing():
        assign_point_person(Student.id == cast.mia.id, PointKind.ACADEMIC, None, by=cast.otto)

    assert "Mia" not in seen_by(cast.ada)


def test_who_left_is_on_nobodys_caseload(cast):
    rows.support_led_by(cast.ada, cast.lucia)
    rows.make_point_person(cast.ada, cast.lucia, by=cast.otto)

    with db.writing():
        cast.lucia.left_at = clock.now()

    assert "Lucía" not in seen_by(cast.ada)


def test_moving_to_another_school_takes_no_reason_along(cast):
    """Ada holds a level at both schools, but it was Lincoln that put Lucía into her hands."""
    rows.stored(
        Membership(staff_id=cast.ada.id, school_id=cast.riverside.id, level=AccessLevel.CASELOAD_EDITOR.value)
    )
    rows.support_led_by(cast.ada, cast.lucia)
    rows.make_point_person(cast.ada, cast.lucia, by=cast.otto)
    cast.ada.forget_rights()

    with db.writing():
        cast.lucia.school_id = cast.riverside.id

    assert "Lucía" not in seen_by(cast.ada)


def test_a_class_counts_only_with_a_level_where_it_is_taught(cast):
    """Ada teaches 2A at Lincoln; of a student of hers who moved she sees nothing at Riverside, where she works now."""
    with db.writing():
        db.session.execute(
            update(Membership).where(Membership.staff_id == cast.ada.id).values(school_id=cast.riverside.id)
        )
        cast.mia.school_id = cast.riverside.id
    cast.ada.forget_rights()

    assert seen_by(cast.ada) == []


def test_a_reason_counts_only_with_a_level_at_that_school(cast):
    """Sam's supports of Riverside show nothing at Lincoln; without a level at Riverside neither there."""
    rows.support_led_by(cast.petra, cast.tomas)
    with db.writing():
        db.session.execute(
            update(Membership)
            .where(Membership.staff_id == cast.petra.id)
            .values(level=AccessLevel.NO_ACCESS.value)
        )
    cast.petra.forget_rights()

    assert seen_by(cast.petra) == []
