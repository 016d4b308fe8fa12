"""What a roster changes the second time: who left, who moved, and what a file of changes says."""

import pytest
from sqlalchemy import select

from portal import db
from portal.db import Refused
from portal.models import Contact, Enrolment, School, SchoolClass, Staff, Student
from portal.roster.apply import preview
from portal.roster.importer import Importer
from tests.roster.bundles import CLASSES, ENROLMENTS, MANIFEST, ORGS, USERS, as_folder, bundle, without
from tests.roster.stored import everything, the


def test_who_is_not_in_a_complete_file_has_left_and_is_kept(imported):
    imported(bundle())

    done = imported(
        bundle(users=without(USERS, "noah"), enrollments=without(ENROLMENTS, "e2")), override=True
    )

    assert done.counts["students"]["gone"] == 1
    assert the(Student, "noah").left_at is not None
    assert the(Student, "mia").left_at is None
    assert the(Enrolment, "e2").ended_at is not None


def test_who_is_back_has_not_left(imported):
    imported(bundle())
    imported(bundle(users=without(USERS, "noah")), override=True)

    imported(bundle())

    assert the(Student, "noah").left_at is None
    assert the(Enrolment, "e2").ended_at is None


def test_more_than_a_tenth_gone_is_refused_and_nothing_is_written(imported):
    imported(bundle())
    before = everything()

    with pytest.raises(Refused, match="1 of 2 students are not in this file"):
        imported(
            bundle(orgs=ORGS.replace("Lincoln Elementary", "Lincoln School"), users=without(USERS, "noah"))
        )

    assert everything() == before


def test_the_preview_says_that_it_would_be_refused(imported, tmp_path):
    imported(bundle())

    found = preview(as_folder(tmp_path / "next", bundle(users=without(USERS, "ada"))), Importer.operator())

    assert "1 of 2 staff are not in this file" in found.refusal


def test_a_tenth_gone_is_applied(imported):
    lines = "".join(f"s{n},,,true,lincoln,student,x,,Student,{n},,,,,,,03,\n" for n in range(8))
    imported(bundle(users=USERS + lines))

    done = imported(bundle(users=without(USERS + lines, "s7")))

    assert done.counts["students"]["gone"] == 1


def test_nobody_is_gone_when_a_line_could_not_be_read(imported):
    imported(bundle())

    imported(bundle(users=without(USERS, "noah") + '"half,,,true\n'))

    assert the(Student, "noah").left_at is None


def test_who_was_named_in_a_rejected_line_is_not_gone(imported):
    imported(bundle())

    imported(
        bundle(users=USERS.replace("Noah,O'Neil", ",").replace("true,lincoln,student", "true,mars,student"))
    )

    assert the(Student, "noah").left_at is None
    assert the(Student, "mia").left_at is None


def test_a_file_of_changes_changes_only_what_it_names(imported):
    imported(bundle())
    manifest = MANIFEST.replace("bulk", "delta")
    header = USERS.splitlines(keepends=True)[0]

    done = imported(
        {
            "manifest.csv": manifest,
            "users.csv": header
            + "mia,active,,true,lincoln,student,mia,,Mia,Santos Ruiz,,1001,,,,,03,\n"
            + "noah,tobedeleted,,true,adams,student,noah,,Noah,O'Neil,,1002,,,,,06,\n"
            + "ben,tobedeleted,,true,adams,teacher,ben,,Ben,Ito,,,ben@riverbend.example,,,,,\n",
        }
    )

    assert done.counts["students"] == {"new": 0, "changed": 1, "gone": 1, "rejected": 0}
    assert done.counts["staff"]["gone"] == 1
    assert (the(Student, "mia").family_name, the(Student, "mia").grade) == ("Santos Ruiz", 3)
    assert the(Student, "noah").left_at is not None
    assert the(Staff, "ben").off_file_at is not None
    assert the(Staff, "ada").off_file_at is None
    assert the(Student, "mia").homeroom_id == the(SchoolClass, "room-2a").id


def test_an_adult_in_a_file_of_changes_is_changed_for_every_student(imported):
    imported(bundle())
    header = USERS.splitlines(keepends=True)[0]
    grace = "grace,active,,true,lincoln,guardian,,,Grace,Santos,,,grace@new.example,,,,,\n"

    imported({"manifest.csv": MANIFEST.replace("bulk", "delta"), "users.csv": header + grace})

    assert db.session.scalars(select(Contact.email)).all() == ["grace@new.example"] * 2


def test_a_sibling_in_a_file_of_changes_shares_the_known_adult(imported):
    imported(bundle())
    header = USERS.splitlines(keepends=True)[0]
    leo = "leo,active,,true,lincoln,student,leo,,Leo,Santos,,1003,,,,grace,KG,\n"

    imported({"manifest.csv": MANIFEST.replace("bulk", "delta"), "users.csv": header + leo})

    contact = db.session.scalar(select(Contact).where(Contact.student_id == the(Student, "leo").id))
    assert (contact.name, contact.email) == ("Grace Santos", "grace@mail.example")


def test_a_contact_no_line_joins_any_more_has_ended(imported):
    imported(bundle())

    imported(bundle(users=USERS.replace(",grace,02", ",,02")))

    ended = {
        contact.student_id: contact.ended_at is not None
        for contact in db.session.scalars(select(Contact).execution_options(populate_existing=True))
    }
    assert ended == {the(Student, "mia").id: True, the(Student, "noah").id: False}


def test_a_student_who_changes_schools_takes_along_what_hangs_on_them(imported):
    imported(bundle())
    mia_id = the(Student, "mia").id

    imported(
        bundle(users=USERS.replace("lincoln,student", "adams,student"), enrollments=without(ENROLMENTS, "e1"))
    )

    mia = the(Student, "mia")
    assert (mia.id, mia.school.source_id, mia.homeroom_id) == (mia_id, "adams", None)
    assert the(Enrolment, "e1").ended_at is not None


def test_a_student_of_a_department_belongs_to_its_school(imported):
    orgs = ORGS + "science,,,Science,department,,adams\n"

    imported(bundle(orgs=orgs, users=USERS.replace("lincoln,student", "science,student")))

    assert the(Student, "mia").school.source_id == "adams"


def test_students_of_a_school_nobody_knows_are_rejected_by_line(imported):
    done = imported(bundle(users=USERS.replace("lincoln,student", "mars,student")))

    assert the(Student, "mia") is None
    problem = next(problem for problem in done.problems if problem.file == "users.csv")
    assert (problem.line, problem.column) == (2, "orgSourcedIds")
    assert done.counts["students"]["rejected"] == 1


def test_enrolments_of_nobody_are_rejected_by_line(imported):
    done = imported(
        bundle(
            enrollments=ENROLMENTS
            + "e9,,,room-2a,lincoln,nobody,student,,,\ne8,,,none,lincoln,mia,student,,,\n"
        )
    )

    assert [problem.place for problem in done.problems] == [
        "enrollments.csv:6:userSourcedId",
        "enrollments.csv:7:classSourcedId",
    ]


def test_a_homeroom_that_ended_is_no_homeroom(imported):
    imported(bundle(enrollments=ENROLMENTS.replace("2027-06-11", "2026-09-30")))

    assert the(Student, "mia").homeroom_id is None


def test_a_class_that_is_not_in_the_file_is_over(imported):
    imported(bundle())

    done = imported(bundle(classes=without(CLASSES, "math"), enrollments=without(ENROLMENTS, "e2", "t2")))

    assert done.counts["classes"]["gone"] == 1
    assert the(SchoolClass, "math-6").ended_at is not None


def test_a_school_that_is_not_in_the_file_has_left(imported):
    imported(bundle())

    imported(bundle(orgs=without(ORGS, "adams")), override=True)

    assert the(School, "adams").left_at is not None
    assert the(Student, "noah").left_at is None, "their line was rejected, not missing"


def test_a_school_made_by_hand_is_found_by_its_identifier(imported):
    with db.writing():
        db.session.add(School(name="Lincoln", identifier="LIN"))

    imported(bundle())

    assert db.session.scalars(select(School.name).order_by(School.name)).all() == [
        "Adams Middle School",
        "Lincoln Elementary",
    ]
