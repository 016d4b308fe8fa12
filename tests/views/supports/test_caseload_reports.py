"""Settings > Caseloads: who needs somebody new, and why somebody sees nobody."""

import re

import pytest
from sqlalchemy import delete, select, update

from portal import clock, db
from portal.models import (
    ClassKind,
    Enrolment,
    Membership,
    PointPerson,
    RosterImport,
    SchoolClass,
    Support,
    TeachingAssignment,
)
from portal.models.rows import new_public_id
from portal.policy.permissions import AccessLevel
from tests import rows
from tests.browsing import post
from tests.statements import counted

REPORT = "/settings/caseloads"


@pytest.fixture
def page(cast, as_):
    """The report as Hana reads it."""
    return lambda: as_(cast.hana).get(REPORT).text


def test_supports_and_point_roles_of_those_who_lost_access_are_flagged(page):
    assert "Library lunch" in page()
    assert "Credits point person" in page()
    assert page().count("Nils Aalto") >= 2
    assert "Reading corner" not in page()


def test_a_new_lead_takes_the_support_off_the_list(cast, page):
    with db.writing():
        db.session.execute(
            update(Support).where(Support.name == "Library lunch").values(lead_id=cast.otto.id)
        )

    assert "Library lunch" not in page()


def test_losing_the_level_flags_at_once_and_keeps_everything(cast, page):
    with db.writing():
        own = db.session.scalars(select(Membership).filter_by(staff_id=cast.priya.id)).one()
        own.level = AccessLevel.NO_ACCESS.value

    assert "Reading corner" in page()
    assert "of 2 students" in page()
    assert (
        db.session.scalar(select(Support).filter_by(name="Reading corner", ended_at=None)).lead is cast.priya
    )


def test_all_students_of_a_subject_are_handed_over_at_once(cast, as_, page):
    hana = as_(cast.hana)
    address = f"/schools/{cast.lincoln.public_id}/point-people/credits/{cast.nils.public_id}"
    assert "Who takes over from Nils Aalto?" in hana.get(address).text

    post(hana, address, staff=cast.ada.public_id)

    live = select(PointPerson).filter_by(student_id=cast.mia.id, kind="credits", ended_at=None)
    assert db.session.scalars(live).one().staff is cast.ada
    assert "Credits point person" not in page()
    assert hana.get(address).status_code == 404


def test_nobody_without_edit_access_takes_over(cast, as_):
    address = f"/schools/{cast.lincoln.public_id}/point-people/credits/{cast.nils.public_id}"

    assert post(as_(cast.hana), address, staff=cast.vera.public_id).status_code == 404


def test_classes_with_students_and_without_a_teacher_are_named(cast, page):
    assert "Classes without a teacher" in page()
    assert "2B" in page().partition("Classes without a teacher")[2]
    with db.writing():
        for title in ("2B", "Music 2A", "Music 2B"):
            taught = db.session.scalars(select(SchoolClass).filter_by(title=title)).one()
            db.session.add(TeachingAssignment(staff_id=cast.otto.id, class_id=taught.id))

    assert "Classes without a teacher" not in page()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("teaches_nothing", "They teach no class on the roster"),
        ("teaches_nobody", "Nobody is enrolled in the classes they teach."),
        ("teaches_music", "Up to grade 5 only homerooms give a caseload"),
    ],
)
def test_an_empty_caseload_is_explained(cast, page, change, sentence):
    assert "Staff with an empty caseload" not in page()
    with db.writing():
        CHANGES[change](cast)

    told = page().partition("Staff with an empty caseload")[2]

    assert "Ada <b>Lindqvist</b>" in told
    assert sentence in told


def teach_nothing(cast):
    db.session.execute(delete(TeachingAssignment).where(TeachingAssignment.staff_id == cast.ada.id))


def teach_nobody(cast):
    db.session.execute(
        update(Enrolment).where(Enrolment.class_id == cast.class_2a.id).values(ended_at=clock.now())
    )


def teach_music(cast):
    teach_nothing(cast)
    db.session.add(TeachingAssignment(staff_id=cast.ada.id, class_id=cast.music_2a.id))


CHANGES = {"teaches_nothing": teach_nothing, "teaches_nobody": teach_nobody, "teaches_music": teach_music}


def test_staff_without_an_account_are_named_by_the_line_of_ones_own_roster(cast, as_, page):
    problems = [
        {"file": "users.csv", "line": 7, "column": "email", "severity": "rejected",
         "sentence": "There is no email, so no account was made."},
        {"file": "users.csv", "line": 8, "column": "email", "severity": "remark", "sentence": "Something else."},
    ]  # fmt: skip
    with db.writing():
        roster = RosterImport.upload(public_id=new_public_id(), file_name="fall.zip", by=cast.hana)
        roster.applied_at, roster.summary = clock.now(), {"problems": problems, "counts": {}}

    assert "Teachers without an account" in page()
    assert "There is no email, so no account was made." in page()
    assert "Something else." not in page()
    assert "Teachers without an account" not in as_(cast.delia).get(REPORT).text


def test_a_school_where_all_is_well_says_so(app, as_):
    admin = rows.staff(rows.school(), AccessLevel.SCHOOL_ADMIN)

    assert "Nothing to put right" in as_(admin).get(REPORT).text


@pytest.mark.parametrize("size", [1, 40])
def test_the_report_asks_as_much_for_many_as_for_one(app, as_, size):
    school = rows.school()
    admin = rows.staff(school, AccessLevel.SCHOOL_ADMIN)
    for number in range(size):
        rows.staff(school, AccessLevel.CASELOAD_EDITOR, f"Kim{number} Ames")
        taught = rows.stored(
            SchoolClass(school_id=school.id, kind=ClassKind.COURSE.value, title=f"C{number}")
        )
        student = rows.student(school, f"Mia{number} Zamora")
        rows.stored(Enrolment(student_id=student.id, class_id=taught.id))
    browser = as_(admin)

    with counted() as statements:
        page = browser.get(REPORT).text

    assert f"({size})" in page.partition("Staff with an empty caseload")[2].partition("</h2>")[0]
    assert len(statements) <= 8, "\n".join(statements)


def test_each_reason_for_an_empty_caseload_is_said_once(cast, page):
    with db.writing():
        for name in ("Una", "Ulf"):
            rows.staff(cast.lincoln, AccessLevel.CASELOAD_VIEWER, name)

    told = page().partition("Staff with an empty caseload")[2]

    assert told.count("They teach no class on the roster") == 1
    assert "Una" in told
    assert "Ulf" in told


def test_a_new_lead_is_chosen_in_a_dialog(page):
    assert re.search(
        r'<a [^>]*hx-get="/supports/[\w-]+/edit" hx-target="#dialog"[^>]*>Choose a new lead', page()
    )
