"""The totals that are kept of each school: equal to a count by hand, and marked whenever anything counted changes."""

from collections.abc import Callable

import pytest
import time_machine
from sqlalchemy import inspect, select, text, update

from portal import db
from portal.db import Refused
from portal.demo import Cast
from portal.models import (
    AccessCode,
    AttendanceYear,
    GradeBand,
    Membership,
    Pairing,
    SchoolChange,
    SchoolCount,
    SchoolTotals,
    StaffCount,
    Student,
)
from portal.models.figures.school_count import count_again, outdated
from portal.models.guardians.pairing import RevocationReason
from portal.models.guardians.revocation import revoke
from portal.policy.permissions import AccessLevel
from tests import rows


def count_everything() -> None:
    with db.writing():
        count_again(outdated())


def totals_of(school, band: GradeBand = GradeBand.ALL) -> tuple[int, ...]:
    """Enrolled, enabled, with one, with two, without point person."""
    db.session.rollback()
    kept = db.session.get(SchoolTotals, (school.id, band.value), populate_existing=True)
    return (
        (kept.enrolled, kept.enabled, kept.with_one, kept.with_two, kept.without_point_person)
        if kept
        else (0,) * 5
    )


@pytest.fixture
def town(otto):
    """Otto's school: Mia with two guardians, Noah with one, Lea with a code, Ben with nothing, Zoe who left."""
    school = db.session.get_one(Student, 1).school
    students = [rows.student(school, name) for name in ("Noah One", "Lea Waiting", "Ben Nothing", "Zoe Left")]
    mia, (noah, lea, _ben, zoe) = db.session.get_one(Student, 1), students
    for student in (mia, noah, lea):
        rows.enabled(student, otto)
    for name, student in (("Grace A", mia), ("Minh B", mia), ("Rosa C", noah)):
        rows.paired(rows.guardian(name), student)
    with db.writing():
        db.session.get_one(Student, zoe.id).left_at = rows.MORNING
    return school


def test_a_small_school_is_counted_as_by_hand(town):
    count_everything()

    assert totals_of(town) == (4, 3, 2, 1, 4)
    assert totals_of(town, GradeBand.ELEMENTARY) == (4, 3, 2, 1, 4)
    assert totals_of(town, GradeBand.HIGH) == (0, 0, 0, 0, 0)
    assert outdated() == []


def test_students_without_a_grade_count_for_the_school_alone(town):
    with db.writing():
        db.session.execute(update(Student).values(grade=None))
    count_everything()

    assert totals_of(town) == (4, 3, 2, 1, 4)
    assert totals_of(town, GradeBand.ELEMENTARY) == (0,) * 5


def test_attendance_of_this_year_is_summed_up(town, now):
    for student, absent in ((1, 2), (2, 0), (5, 9)):
        for year in (2026, 2027):
            counts = {"days": 10, "present": 10 - absent, "late": 0, "absent": absent, "excused": 0}
            rows.stored(AttendanceYear(student_id=student, year=year, **counts))
    count_everything()

    kept = db.session.get_one(SchoolTotals, (town.id, GradeBand.ALL.value))
    assert (kept.days_known, kept.days_absent) == (20, 2), "the student who left does not count"


def test_staff_are_counted_by_level(town):
    rows.staff(town, AccessLevel.CASELOAD_EDITOR, "Ada Lind")
    count_everything()

    kept = db.session.execute(select(StaffCount)).mappings().one()
    assert (kept["school_wide_editor"], kept["caseload_editor"], kept["no_access"]) == (1, 1, 0)


ACTS: dict[str, Callable[[Cast], object]] = {
    "a code is made": lambda cast: AccessCode.enable(cast.lucia, by=cast.otto),
    "a code is reset": lambda cast: AccessCode.replace(cast.mia, by=cast.otto),
    "a guardian is revoked": lambda cast: revoke(
        cast.mia.live_pairings[:1], by=cast.otto, reason=RevocationReason.MISTAKE
    ),
    "a student leaves": lambda cast: setattr(cast.mia, "left_at", rows.MORNING),
    "a student comes": lambda cast: db.session.add(
        Student(school_id=cast.lincoln.id, given_name="New", grade=2)
    ),
    "grades change in bulk": lambda cast: db.session.execute(update(Student).values(grade=Student.grade + 1)),
    "a level changes": lambda cast: db.session.execute(update(Membership).values(level="no_access")),
    "attendance comes": lambda cast: db.session.add(
        AttendanceYear(student_id=cast.mia.id, year=2027, days=9, present=7, late=0, absent=1, excused=1)
    ),
    "pairings go": lambda cast: db.session.execute(update(Pairing).values(revoked_at=rows.MORNING)),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_whatever_is_counted_leaves_its_mark_when_it_changes(cast, act):
    count_everything()
    assert outdated() == []

    with db.writing():
        act(cast)

    assert cast.lincoln.id in outdated()


def test_a_move_marks_both_schools(cast):
    count_everything()

    with db.writing():
        cast.mia.school_id = cast.riverside.id

    assert set(outdated()) == {cast.lincoln.id, cast.riverside.id}


def test_what_is_rolled_back_leaves_no_mark(cast):
    count_everything()

    with pytest.raises(Refused):
        enable_one_and_be_refused(cast)

    assert outdated() == []


def enable_one_and_be_refused(cast: Cast) -> None:
    with db.writing():
        AccessCode.enable(cast.lucia, by=cast.otto)
        AccessCode.replace(cast.mia, by=cast.otto, seen="another")


def test_codes_expire_out_of_the_totals_when_the_school_year_is_over(town, now: time_machine.Traveller):
    count_everything()
    now.move_to("2027-06-27T16:00:00+00:00")

    assert outdated() == [town.id]
    count_everything()
    assert totals_of(town) == (4, 2, 2, 1, 4)


def test_counting_again_changes_nothing(cast):
    count_everything()
    before = db.session.execute(select(SchoolTotals.__table__).order_by("school_id", "band")).all()

    with db.writing():
        count_again([cast.lincoln.id, cast.riverside.id, cast.jefferson.id])

    assert db.session.execute(select(SchoolTotals.__table__).order_by("school_id", "band")).all() == before
    assert db.session.scalars(select(SchoolChange)).all() == []
    assert len(db.session.scalars(select(SchoolCount)).all()) == 3


def test_every_counted_table_has_its_triggers(app):
    """Rebuilding a table in a migration on SQLite drops them silently."""
    if db.db.engine.dialect.name == "sqlite":
        found = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        found = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    names = set(db.session.scalars(text(found)))
    tables = (
        "students", "access_codes", "pairings", "point_people", "attendance_years", "supports", "memberships",
        "school_years",
    )  # fmt: skip

    assert {
        f"{table}_{verb}_is_counted" for table in tables for verb in ("insert", "update", "delete")
    } <= names
    assert set(tables) <= set(inspect(db.db.engine).get_table_names())
