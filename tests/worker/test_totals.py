"""The worker keeps the totals of schools; a fresh count by another way proves them."""

from typing import Any

from sqlalchemy import select, text

from portal import clock, db
from portal.models import AccessCode, SchoolSnapshot, SchoolTotals
from portal.worker import totals
from tests import elsewhere

#: Another way to count than the one the portal goes: a row a student, added up here.
STUDENTS = """
    SELECT s.school_id, s.grade,
        (SELECT count(*) FROM pairings p WHERE p.student_id = s.id AND p.revoked_at IS NULL),
        (SELECT count(*) FROM access_codes c, school_years y WHERE c.student_id = s.id AND c.ended_at IS NULL
            AND y.school_id = s.school_id AND y.year = c.year AND y.ends_at > :now),
        (SELECT count(*) FROM point_people k WHERE k.student_id = s.id AND k.ended_at IS NULL)
    FROM students s WHERE s.left_at IS NULL
"""


def added_up() -> dict[tuple[int, str], list[int]]:
    sums: dict[tuple[int, str], list[int]] = {}
    now = clock.now()
    moment: Any = now.replace(tzinfo=None).isoformat(" ") if db.db.engine.dialect.name == "sqlite" else now
    for school, grade, guardians, codes, point_people in db.session.execute(text(STUDENTS), {"now": moment}):
        bands = ["all"]
        if grade is not None:
            bands.append("elementary" if grade <= 5 else "middle" if grade <= 8 else "high")
        for band in bands:
            row = sums.setdefault((school, band), [0] * 5)
            claims = (True, guardians or codes, guardians >= 1, guardians >= 2, not point_people)
            sums[school, band] = [number + bool(claim) for number, claim in zip(row, claims, strict=True)]
    return sums


def kept() -> dict[tuple[int, str], list[int]]:
    table = SchoolTotals.__table__
    return {(row[0], row[1]): list(row[2:7]) for row in db.session.execute(select(table))}


def test_the_worker_counts_what_has_changed_and_nothing_else(cast):
    assert totals.recount_changed() == 3
    assert kept() == added_up()
    assert totals.recount_changed() == 0

    with db.writing():
        AccessCode.enable(cast.lucia, by=cast.otto)

    assert totals.recount_changed() == 1
    assert kept() == added_up()


def test_a_check_finds_every_total_that_is_not_right(cast):
    totals.recount_changed()
    assert list(totals.differences()) == []

    elsewhere.write(
        "UPDATE school_totals SET with_one = with_one + 1 WHERE school_id = :id AND band = 'all'",
        id=cast.lincoln.id,
    )
    elsewhere.write("UPDATE staff_counts SET no_access = 7 WHERE school_id = :id", id=cast.riverside.id)
    elsewhere.write("DELETE FROM school_totals WHERE school_id = :id", id=cast.jefferson.id)
    db.session.rollback()

    found = list(totals.differences())
    assert {(difference.noun, difference.id) for difference in found} == {
        ("school", cast.lincoln.id),
        ("school", cast.riverside.id),
        ("school", cast.jefferson.id),
    }
    assert any(difference.kept is None for difference in found)


def test_one_snapshot_a_day_is_taken_of_every_school(cast, now):
    totals.take_daily_snapshots()
    totals.take_daily_snapshots()
    days = db.session.scalars(select(SchoolSnapshot.day)).all()
    assert len(days) == 3

    now.shift(24 * 3600)
    totals.take_daily_snapshots()

    assert len(db.session.scalars(select(SchoolSnapshot.day)).all()) == 6
    snapshot = db.session.get_one(SchoolSnapshot, (cast.lincoln.id, days[0]))
    assert snapshot.enrolled == kept()[cast.lincoln.id, "all"][0]
