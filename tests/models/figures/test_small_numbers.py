"""Small numbers are left out, and so is whatever would tell them: looked at with the eyes of somebody who computes."""

from collections import defaultdict
from itertools import combinations_with_replacement

import pytest
from sqlalchemy import delete, insert, select, update

from portal import db
from portal.models import AttendanceYear, GradeBand, Network, NetworkSchool, School, SchoolTotals, Student
from portal.models.figures.network_trend import trend_of
from portal.models.figures.network_view import Looked, view_of
from portal.models.figures.small_numbers import NESTED, STUDENT_MEASURES, shown_columns
from portal.worker import totals
from tests import rows

#: Enough for every way in which four numbers can stand to each other and to five.
MOST = 13


@pytest.fixture
def school(cast) -> School:
    """One of the network's, without anybody yet; its numbers are left out when they are small."""
    row = rows.school("Elm Elementary")
    rows.stored(NetworkSchool(network_id=cast.network.id, school_id=row.id))
    with db.writing():
        db.session.execute(update(Network).values(suppresses_small=True))
    return row


def seen(cast, band: GradeBand = GradeBand.ALL):
    """What Nora sees of that school."""
    db.session.rollback()
    view = view_of(cast.network, Looked(band=band, page=None), by=cast.nora)
    return next(each for each in view.schools if each.name == "Elm Elementary")


def add(
    school: School, count: int, *, grade: int | None, days: int = 0, absent: int = 0, present: int = 1
) -> None:
    """So many students; each was known on `days`, and away on `absent` of them."""
    for number in range(count):
        name = f"Child {grade} {number}"
        student = rows.stored(Student(school_id=school.id, given_name=name, family_name="Elm", grade=grade))
        if days:
            came = (days - absent) * present
            year = {"days": days, "present": came, "late": 0, "absent": absent, "excused": 0}
            rows.stored(AttendanceYear(student_id=student.id, year=2027, **year))


def keep(truths: list[tuple[int, ...]]) -> None:
    """A school for each of these, and no others: how many are enrolled, enabled, with one guardian, with two."""
    names = [{"name": f"S{number}", "identifier": f"s{number}"} for number, _truth in enumerate(truths)]
    others = {
        "band": "all",
        "without_point_person": 0,
        "students_known": 0,
        "days_known": 0,
        "days_absent": 0,
    }
    with db.writing():
        db.session.execute(delete(SchoolTotals))
        ids = db.session.scalars(insert(School).returning(School.id), names).all()
        numbers = [dict(zip(NESTED, truth, strict=True)) for truth in truths]
        kept = [{"school_id": each, **others, **nested} for each, nested in zip(ids, numbers, strict=True)]
        db.session.execute(insert(SchoolTotals), kept)


def test_no_hidden_number_can_be_computed_from_those_that_are_shown(school):
    """For everything that could be on a page, at least two truths look the same."""
    keep([four[::-1] for four in combinations_with_replacement(range(MOST + 1), 4)])
    real = [getattr(SchoolTotals, name) for name in NESTED]
    told = shown_columns(SchoolTotals, suppresses=True, measures=NESTED).values()

    alike: dict[tuple[int | None, ...], list[tuple[int, ...]]] = defaultdict(list)
    for row in db.session.execute(select(*real, *told)):
        alike[tuple(row[4:])].append(tuple(row[:4]))

    assert len(alike) > 50
    for page, behind in alike.items():
        for place, value in enumerate(page):
            assert value is not None or len({truth[place] for truth in behind}) > 1, page


def test_a_child_without_a_grade_is_not_what_the_school_has_more_than_its_bands(cast, school):
    add(school, 12, grade=3, days=50, absent=2)
    add(school, 1, grade=None, days=50, absent=33)
    totals.recount_changed()

    whole, band = seen(cast), seen(cast, GradeBand.ELEMENTARY)

    assert (whole.enrolled, whole.days_known, whole.days_absent) == (13, 650, 57)
    assert [getattr(band, name) for name in STUDENT_MEASURES] == [None] * len(STUDENT_MEASURES)


def test_days_of_a_few_students_are_not_a_school_s_attendance(cast, school):
    add(school, 11, grade=3)
    add(school, 1, grade=4, days=50, absent=33)
    totals.recount_changed()

    assert (seen(cast).enrolled, seen(cast).days_known, seen(cast).days_absent) == (12, None, None)


def test_absences_alone_tell_no_rate(cast, school):
    """As on the school's own dashboard: it would be 0 %."""
    add(school, 12, grade=3, days=4, absent=4, present=0)
    totals.recount_changed()

    assert (seen(cast).enrolled, seen(cast).days_known) == (12, 0)


def test_bands_come_to_the_whole(cast, school):
    with db.writing():
        db.session.execute(update(Network).values(suppresses_small=False))
    for grade, count in ((None, 1), (-1, 2), (6, 3), (12, 4)):
        add(school, count, grade=grade)
    totals.recount_changed()

    counts = {band: seen(cast, band).enrolled for band in GradeBand}
    assert counts == {"all": 10, "elementary": 2, "middle": 3, "high": 4, "ungraded": 1}


def test_where_nothing_may_be_shown_there_is_no_zero(cast, school):
    with db.writing():
        db.session.execute(delete(NetworkSchool).where(NetworkSchool.school_id != school.id))
    add(school, 4, grade=3)
    totals.take_daily_snapshots()
    db.session.rollback()

    assert view_of(cast.network, Looked(), by=cast.nora).totals.enrolled is None
    assert [week.enrolled for week in trend_of(cast.network, by=cast.nora)] == [None]
