"""What was chosen on a list is what is acted on: no more, no less, and never out of reach."""

from typing import Any, NamedTuple

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import select

from portal import clock, db
from portal.db import Refused
from portal.demo import Cast
from portal.models import (
    AccessCode,
    Enrolment,
    SchoolClass,
    Student,
)
from portal.models.codes.family_status import StatusChoice
from portal.models.students.filter import Sort, StudentFilter
from portal.models.students.selection import MOST_TICKS, OutOfReach, Selection
from portal.policy.permissions import Permission
from tests import rows

CODES = Permission.MANAGE_CODES


def everyone(**wanted: Any) -> Selection:
    return Selection.of(StudentFilter(**wanted), ids=(), everyone=True)


def ticked(*students: Student) -> Selection:
    return Selection.of(StudentFilter(), ids=[student.public_id for student in students], everyone=False)


def names(selection: Selection, by: Any) -> list[str]:
    chosen = select(Student.given_name).where(selection.criterion(by, CODES))
    return list(db.session.scalars(chosen.order_by(Student.sort_key)))


def test_ticked_students_are_those_who_were_ticked(cast: Cast):
    assert names(ticked(cast.mia, cast.lucia), cast.otto) == ["Lucía", "Mia"]
    assert ticked(cast.mia, cast.lucia).count(cast.otto, CODES) == 2


@pytest.mark.parametrize("foreign", ["tomas", "nobody"])
def test_one_who_is_out_of_reach_refuses_them_all(cast: Cast, foreign: str):
    ids = [cast.mia.public_id, cast.tomas.public_id if foreign == "tomas" else "A" * 22]

    with pytest.raises(OutOfReach):
        Selection.of(StudentFilter(), ids=ids, everyone=False).count(cast.otto, CODES)


def test_a_caseload_is_all_that_a_teacher_can_choose(cast: Cast):
    assert names(everyone(), cast.ada) == ["Noah", "Emil", "Mia"]
    with pytest.raises(OutOfReach):
        ticked(cast.lucia).count(cast.ada, CODES)


def test_who_only_views_chooses_nobody_for_codes(cast: Cast):
    assert everyone().count(cast.vera, CODES) == 0
    assert everyone().count(cast.vera, Permission.VIEW_STUDENT) == 5


def test_nobody_ticked_is_said(app: Flask):
    with pytest.raises(Refused, match="Nobody is chosen"):
        Selection.of(StudentFilter(), ids=(), everyone=False)


def test_too_many_ticks_are_refused_and_as_many_as_may_be_are_looked_up(cast: Cast):
    ids = [f"nobody-{number}" for number in range(MOST_TICKS + 1)]

    with pytest.raises(Refused, match="at most 5,000"):
        Selection.of(StudentFilter(), ids=ids, everyone=False)
    with pytest.raises(OutOfReach):
        Selection.of(StudentFilter(), ids=ids[1:], everyone=False).count(cast.otto, CODES)


@pytest.mark.parametrize(
    ("status", "found"),
    [
        (StatusChoice.NOT_ENABLED, ["Lucía"]),
        (StatusChoice.WAITING, ["Noah"]),
        (StatusChoice.PAIRED, ["Ines", "Mia"]),
        (StatusChoice.EXPIRED, ["Emil"]),
        (StatusChoice.NO_CODE, ["Lucía", "Emil"]),
        (StatusChoice.UNPAIRED, ["Noah", "Lucía", "Emil"]),
        (StatusChoice.ONE_GUARDIAN, ["Ines"]),
    ],
)
def test_each_status_is_where_a_student_stands(cast: Cast, status: StatusChoice, found: list[str]):
    assert names(everyone(status=status), cast.otto) == found


@pytest.mark.parametrize(("language", "found"), [("es", ["Ines", "Lucía"]), ("none", ["Noah"]), ("xx", [])])
def test_a_home_language_narrows_and_so_does_having_none(cast: Cast, language: str, found: list[str]):
    with db.writing():
        cast.noah.language = None

    assert names(everyone(language=language), cast.otto) == found


def test_a_course_narrows_to_those_who_are_in_it_now(cast: Cast):
    assert names(everyone(course="Music 2B"), cast.otto) == ["Ines", "Lucía"]
    with db.writing():
        own = select(Enrolment).where(Enrolment.student_id == cast.ines.id)
        for enrolment in db.session.scalars(own):
            enrolment.ended_at = clock.now()

    assert names(everyone(course="Music 2B"), cast.otto) == ["Lucía"]


def test_a_foreign_school_holds_nobody(cast: Cast):
    assert everyone(school=cast.riverside.public_id).count(cast.otto, CODES) == 0


def test_former_students_are_chosen_when_they_are_named(cast: Cast):
    assert "Leo" not in names(everyone(), cast.otto)
    assert names(everyone(words="okafor"), cast.otto) == ["Leo"]
    assert names(everyone(words="okafor", status=StatusChoice.UNPAIRED), cast.otto) == []


def test_a_list_that_changed_since_it_was_shown_is_not_acted_on(cast: Cast):
    selection = everyone(homeroom="2A")
    seen = selection.snapshot(cast.otto, CODES)
    with db.writing():
        cast.mia.school_id = cast.riverside.id

    with pytest.raises(Refused, match="3 students were chosen, now it is 2"):
        selection.refuse_if_changed(seen, cast.otto, CODES)
    selection.refuse_if_changed(selection.snapshot(cast.otto, CODES), cast.otto, CODES)


def test_nor_is_one_in_which_one_took_the_place_of_another(cast: Cast):
    selection = everyone(homeroom="2A")
    seen = selection.snapshot(cast.otto, CODES)
    with db.writing():
        cast.mia.homeroom_id, cast.lucia.homeroom_id = cast.lucia.homeroom_id, cast.mia.homeroom_id

    with pytest.raises(Refused, match="other students are in it now"):
        selection.refuse_if_changed(seen, cast.otto, CODES)


class Child(NamedTuple):
    """What a selection may ask about a student."""

    given: str
    school: int
    grade: int | None
    homeroom: int | None
    code: str
    has_left: bool
    language: str | None


HOMEROOMS = ("4A", "4B")
CHILDREN = some.builds(
    Child,
    given=some.sampled_from(["Mia", "Noah", "José", "O’Neill"]),
    school=some.integers(0, 1),
    grade=some.sampled_from([None, -1, 0, 4]),
    homeroom=some.sampled_from([None, 0, 1]),
    code=some.sampled_from(["none", "live", "over"]),
    has_left=some.booleans(),
    language=some.sampled_from([None, "es", "vi"]),
)
FILTERS = some.builds(
    StudentFilter,
    words=some.sampled_from(["", "mia", "jose", "o'n", "%", "a"]),
    grade=some.sampled_from([None, -1, 0, 4]),
    homeroom=some.sampled_from(["", *HOMEROOMS, "4C"]),
    status=some.sampled_from([None, *StatusChoice]),
    language=some.sampled_from(["", "", "es", "none"]),
    school=some.just(""),
    course=some.just(""),
    sort=some.sampled_from([None, *Sort]),
    after=some.just(""),
)
FOLDED = {"Mia": "mia", "Noah": "noah", "José": "jose", "O’Neill": "o'neill"}
OF_CODE = {
    "none": {StatusChoice.NOT_ENABLED, StatusChoice.NO_CODE, StatusChoice.UNPAIRED},
    "live": {StatusChoice.WAITING, StatusChoice.UNPAIRED, StatusChoice.ENABLED},
    "over": {StatusChoice.EXPIRED, StatusChoice.NO_CODE, StatusChoice.UNPAIRED},
}


def is_described(child: Child, student_filter: StudentFilter) -> bool:
    """The rules once more, in plain Python."""
    return all(
        (
            student_filter.words in FOLDED[child.given],
            not child.has_left or (student_filter.words and not student_filter.status),
            student_filter.grade in (None, child.grade),
            student_filter.homeroom
            in ("", *(HOMEROOMS[home] for home in [child.homeroom] if home is not None)),
            student_filter.status is None or student_filter.status in OF_CODE[child.code],
            student_filter.language in ("", child.language or "none"),
        )
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    children=some.lists(CHILDREN, max_size=6), student_filter=FILTERS, picks=some.sets(some.integers(0, 5))
)
def test_it_is_what_plain_python_would_choose(
    app: Flask, database: Any, children: list[Child], student_filter: StudentFilter, picks: set[int]
):
    database.restore("empty")
    own, students = _town(children)
    mine = {number for number, child in enumerate(children) if child.school == 0}
    picked = {number for number in picks if number < len(children)}
    chosen = everyone(**StudentFilter.from_query(student_filter.query)._asdict())
    described = {number for number in mine if is_described(children[number], student_filter)}

    found = set(db.session.scalars(select(Student.id).where(chosen.criterion(own, CODES))))

    assert found == {students[number].id for number in described}
    if picked:
        ticks = ticked(*(students[number] for number in picked))
        if picked <= mine:
            assert ticks.count(own, CODES) == len(picked)
        else:
            with pytest.raises(OutOfReach):
                ticks.count(own, CODES)


def _town(children: list[Child]) -> tuple[Any, list[Student]]:
    """Two schools, an office that may manage codes at the first, and the children."""
    schools = [rows.school(name) for name in ("Lincoln", "Riverside")]
    offices = [rows.staff(school, name=f"Office{n} Berg") for n, school in enumerate(schools)]
    homes = [
        [rows.stored(SchoolClass(school_id=school.id, kind="homeroom", title=title)) for title in HOMEROOMS]
        for school in schools
    ]
    students = []
    for child in children:
        home = None if child.homeroom is None else homes[child.school][child.homeroom].id
        student = rows.student(schools[child.school], child.given, homeroom_id=home)
        with db.writing():
            student.grade, student.language = child.grade, child.language
            if child.code != "none":
                _give_code(student, offices[child.school], is_over=child.code == "over")
            student.left_at = clock.now() if child.has_left else None
        students.append(student)
    return offices[0], students


def _give_code(student: Student, office: Any, *, is_over: bool) -> None:
    code = AccessCode.enable(student, by=office)
    if is_over:
        code.year -= 1  # a year the school does not know: what it was good for is over
