"""The board counts those in one's reach, and nobody else."""

import pytest
from flask import Flask

from portal import db
from portal.demo import Cast
from portal.models import SchoolClass
from portal.models.codes.family_status import StatusChoice
from portal.models.figures.coverage import AXES, Coverage, coverage_of
from portal.models.students.filter import StudentFilter
from portal.models.students.selection import Selection
from portal.policy.permissions import Permission
from tests import rows
from tests.statements import counted


def numbers(coverage: Coverage, axis: str) -> dict[object, tuple[int, ...]]:
    return {share.key: share[1:] for share in coverage.by[axis]}


def test_the_whole_school_and_its_parts(cast: Cast):
    """Mia has two guardians, Ines one, Noah a code; Emil's has expired and Lucía never had one."""
    coverage = coverage_of(cast.lincoln, by=cast.otto)

    assert coverage.all == (None, 5, 3, 2, 1)
    assert numbers(coverage, "grade") == {2: (5, 3, 2, 1)}
    assert numbers(coverage, "homeroom") == {"2A": (3, 2, 1, 1), "2B": (2, 1, 1, 0)}
    assert numbers(coverage, "language") == {
        "es": (2, 1, 1, 0), "en": (1, 1, 0, 0), "pl": (1, 0, 0, 0), "vi": (1, 1, 1, 1),
    }  # fmt: skip
    assert next(iter(numbers(coverage, "language"))) == "es", "the most spoken first"


def test_a_caseload_editors_board_is_the_caseload(cast: Cast):
    coverage = coverage_of(cast.lincoln, by=cast.ada)

    assert coverage.all.students == 3
    assert numbers(coverage, "homeroom").keys() == {"2A"}
    assert coverage_of(cast.riverside, by=cast.ada).all.students == 0
    assert coverage_of(cast.lincoln, by=cast.vera).all.students == 0


def test_what_is_not_known_comes_last(cast: Cast):
    with db.writing():
        cast.mia.grade, cast.mia.homeroom_id, cast.mia.language = None, None, None
        cast.noah.grade = -1

    coverage = coverage_of(cast.lincoln, by=cast.otto)

    assert [share.key for share in coverage.by["grade"]] == [-1, 2, None]
    assert all(coverage.by[axis][-1].key is None for axis in AXES)


@pytest.mark.parametrize("homeroom", ["2A", "2B"])
def test_each_number_leads_to_as_many_students(cast: Cast, homeroom: str):
    share = next(
        each for each in coverage_of(cast.lincoln, by=cast.otto).by["homeroom"] if each.key == homeroom
    )

    def behind(status: StatusChoice | None) -> int:
        wanted = StudentFilter(homeroom=homeroom, status=status)
        return Selection.of(wanted, ids=(), everyone=True).count(cast.otto, Permission.MANAGE_CODES)

    assert behind(None) == share.students
    assert behind(StatusChoice.NO_CODE) == share.students - share.enabled
    assert behind(StatusChoice.WAITING) == share.enabled - share.one
    assert behind(StatusChoice.ONE_GUARDIAN) == share.one - share.two


def test_many_students_are_one_statement(app: Flask):
    school = rows.school()
    office = rows.staff(school)
    homeroom = rows.stored(SchoolClass(school_id=school.id, kind="homeroom", title="4A"))
    for number in range(40):
        rows.student(school, f"Kim Student{number}", homeroom_id=homeroom.id if number % 2 else None)
    assert office.may(Permission.MANAGE_CODES)
    assert school.id

    with counted() as statements:
        coverage = coverage_of(school, by=office)

    assert len(statements) == 1
    assert numbers(coverage, "homeroom") == {"4A": (20, 0, 0, 0), None: (20, 0, 0, 0)}
