"""The Data Grid shows what is so, in any order, page by page, and only what is in reach."""

from datetime import date

import pytest

from portal import db
from portal.models import AttendanceYear, Membership, PointPerson, Student
from portal.models.grid.column import COLUMNS, NAME, choose_columns, chosen_columns, columns_for
from portal.models.grid.filter import GridFilter
from portal.models.grid.narrowing import FILTERS
from portal.models.grid.page import PAGE, page_of, sheet_of
from portal.models.supports.point_person import PointKind
from portal.policy.permissions import AccessLevel
from tests import rows

EVERY = tuple(COLUMNS)


@pytest.fixture
def school(app, now):
    """A school with a student for every way a column can be filled or empty, and some who are all alike."""
    school = rows.school()
    office, languages = rows.staff(school), (None, "es", "so")
    with db.writing():
        students = [
            rows.student(school, f"Child{number % 7} Tran{number:03}", language=languages[number % 3])
            for number in range(PAGE + 40)
        ]
        for number, student in enumerate(students):
            _fill(student, number, office)
    for student in students[::11]:
        rows.enabled(student, office)
    for number, student in enumerate(students[::22]):
        rows.paired(rows.guardian(f"Guardian{number} Tran"), db.session.get(Student, student.id))
    return school


def _fill(student, number, office):
    student.grade = None if number % 13 == 0 else number % 5
    student.diploma_type = (None, "regents", "local")[number % 3]
    student.planned_graduation = None if number % 4 else date(2030 + number % 3, 6, 26)
    student.student_number = None if number % 9 == 0 else str(number)
    if number % 5:
        counts = {"present": 20 - number % 5, "late": number % 2, "absent": number % 5, "excused": 0}
        db.session.add(AttendanceYear(student_id=student.id, year=2027, days=20 + number % 2, **counts))
    if number % 6 == 0:
        facts = {"student_id": student.id, "school_id": student.school_id, "staff_id": office.id}
        db.session.add(PointPerson(kind=PointKind.CREDITS.value, appointed_by_id=office.id, **facts))


@pytest.fixture
def otto(school):
    return rows.staff(school, name="Olga Office")


def grid_filter(school, **sent):
    return GridFilter.from_query(sent, school, sees_guardians=True)


def leafed_through(school, by, columns=EVERY, **sent):
    """Every line of every page, in order; no page is longer than it should be."""
    lines, after = [], ""
    while True:
        page = page_of(grid_filter(school, after=after, **sent), columns, by=by)
        assert len(page.lines) <= PAGE
        lines += page.lines
        if page.after is None:
            return lines
        after = page.after


def test_every_order_shows_everybody_once_and_backwards_is_the_other_way_round(school, otto):
    for column in (NAME.name, *COLUMNS):
        found = [line[0] for line in leafed_through(school, otto, (), sort=column)]
        other = [line[0] for line in leafed_through(school, otto, (), sort=f"-{column}")]

        assert len(set(found)) == len(found) == PAGE + 40, column
        assert found == other[::-1], column


def test_what_is_unknown_comes_first_then_the_rest_in_order(school, otto):
    grades = [line[3][0] for line in leafed_through(school, otto, ("grade",), sort="grade")]

    assert grades == sorted(grades, key=["–", "K", "1", "2", "3", "4"].index)


def test_cells_say_what_is_stored(school, otto):
    student = db.session.query(Student).filter_by(student_number="66").one()

    page = page_of(grid_filter(school, q="66"), EVERY, by=otto)

    cells = dict(
        zip(EVERY, next(line for line in page.lines if line[0] == student.public_id)[3], strict=True)
    )
    assert cells == {
        "number": "66", "grade": "1", "homeroom": "–", "language": "–", "school": "Lincoln",
        "diploma_type": "–", "planned_graduation": "–", "safety_net": "–", "point_attendance": "–",
        "point_academic": "–", "point_regents": "–", "point_credits": "Otto Office", "point_postsecondary": "–",
        "absent": "1", "late": "0", "attendance": "95.0%", "status": "Paired", "guardians": "1",
    }  # fmt: skip


FILTERED = {
    "grade=3": lambda s: s.grade == 3,
    "grade=none": lambda s: s.grade is None,
    "homeroom=none": lambda s: True,
    "homeroom=9Z": lambda s: False,
    "language=so": lambda s: s.language == "so",
    "diploma_type=local": lambda s: s.diploma_type == "local",
    "diploma_type=none": lambda s: s.diploma_type is None,
    "planned_graduation=2031": lambda s: s.planned_graduation == date(2031, 6, 26),
    "planned_graduation=none": lambda s: s.planned_graduation is None,
    "guardians=1": lambda s: len(s.live_pairings) >= 1,
    "guardians=0": lambda s: not s.live_pairings,
    "status=paired": lambda s: bool(s.live_pairings),
    "status=waiting": lambda s: bool(s.code) and not s.live_pairings,
    "status=enabled": lambda s: bool(s.code or s.live_pairings),
    "support=0": lambda s: True,
    "q=child3": lambda s: s.given_name == "Child3",
}


def test_filters_find_whom_they_say(school, otto):
    students = db.session.query(Student).filter_by(school_id=school.id).all()
    for text, is_meant in FILTERED.items():
        name, _, value = text.partition("=")

        found = leafed_through(school, otto, (), **{name: value})

        assert {line[0] for line in found} == {each.public_id for each in students if is_meant(each)}, text


def test_filters_of_attendance_and_point_people(school, otto):
    office = db.session.query(PointPerson).first().staff
    by_office = leafed_through(school, otto, (), point_credits=office.public_id)
    by_nobody = leafed_through(school, otto, (), point_credits="none")

    assert len(by_office) + len(by_nobody) == PAGE + 40
    assert len(by_office) == db.session.query(PointPerson).count()
    assert len(leafed_through(school, otto, (), absent="3")) == sum(n % 5 in (3, 4) for n in range(PAGE + 40))
    assert len(leafed_through(school, otto, (), attendance="often_absent")) == sum(
        n % 5 and (n % 5) * 10 >= 20 + n % 2 for n in range(PAGE + 40)
    )


def test_nonsense_neither_breaks_nor_reveals_anything(school, otto):
    nonsense = ("'; DROP TABLE students; --", "-1", "9" * 400, "\x00", "é\u202e", "%", "name)--", "²")
    for name in (*FILTERS, "sort", "after", "q"):
        for text in nonsense:
            assert page_of(grid_filter(school, **{name: text}), ("grade",), by=otto).total in range(PAGE + 41)


def test_only_the_caseload_is_in_it(cast):
    lines = page_of(grid_filter(cast.lincoln), (), by=cast.ada).lines

    assert {line[0] for line in lines} >= {cast.mia.public_id}
    assert cast.lucia.public_id not in {line[0] for line in lines}


def test_another_school_and_those_who_left_are_not_in_it(cast):
    with db.writing():
        cast.noah.left_at = rows.MORNING

    ids = {line[0] for line in page_of(grid_filter(cast.lincoln), (), by=cast.hana).lines}

    assert cast.noah.public_id not in ids
    assert cast.tomas.public_id not in ids


def test_who_does_not_see_guardians_can_neither_show_filter_nor_sort_by_them(school):
    asked = {"status": "paired", "guardians": "1", "sort": "-guardians"}

    blind = GridFilter.from_query(asked, school, sees_guardians=False)

    assert (blind.filters, blind.sort) == ((), "name")
    assert not {"status", "guardians"} & columns_for(sees_guardians=False).keys()


def test_chosen_columns_are_kept_and_nonsense_is_not(school, otto):
    with db.writing():
        choose_columns(otto, ["late", "grade", "password_hash", "grade"])
    db.session.refresh(otto)

    assert chosen_columns(otto, sees_guardians=True) == ("grade", "late")


def test_no_column_at_all_may_be_chosen(school, otto):
    with db.writing():
        choose_columns(otto, [])
    db.session.refresh(otto)

    assert chosen_columns(otto, sees_guardians=True) == ()


def test_the_sheet_has_everybody_in_the_order_of_the_grid(school, otto):
    shown = leafed_through(school, otto, ("planned_graduation",), sort="-planned_graduation")

    sheet = list(
        sheet_of(
            Student.school_id == school.id,
            grid_filter(school, sort="-planned_graduation"),
            ("planned_graduation",),
        )
    )

    assert sheet[0] == ["First name", "Last name", "Planned graduation date"]
    assert [line[1] for line in sheet[1:]] == [line[2] for line in shown]
    assert sheet[1][2] == "2032-06-26"


def test_one_person_at_two_schools_sees_one_at_a_time(cast):
    person = rows.staff(cast.lincoln, AccessLevel.SCHOOL_WIDE_VIEWER, "Tess Two")
    rows.stored(Membership(staff_id=person.id, school_id=cast.riverside.id, level="school_wide_viewer"))

    ids = {line[0] for line in page_of(grid_filter(cast.riverside), (), by=person).lines}

    assert cast.tomas.public_id in ids
    assert cast.mia.public_id not in ids
