"""Previewing and applying a roster on the real database."""

import pytest
from sqlalchemy import select, text

from portal import db
from portal.models import (
    Contact,
    Event,
    Network,
    NetworkSchool,
    School,
    SchoolClass,
    SchoolYear,
    Staff,
    Student,
    TeachingAssignment,
)
from portal.roster.apply import apply, preview
from portal.roster.importer import Importer
from portal.roster.problems import NotARoster
from tests.roster.bundles import (
    BUNDLE,
    CLASSES,
    ORGS,
    SESSIONS,
    USERS,
    as_folder,
    bundle,
)
from tests.roster.stored import everything, the
from tests.roster.test_oneroster import PUBLISHED


def test_a_preview_says_what_is_new_and_writes_nothing(app, tmp_path):
    before = everything()

    found = preview(as_folder(tmp_path, bundle()), Importer.operator())

    new = {kind: outcomes["new"] for kind, outcomes in found.counts.items()}
    assert new == {
        "networks": 1,
        "schools": 2,
        "school years": 2,
        "homerooms": 1,
        "classes": 1,
        "students": 2,
        "contacts": 2,
        "staff": 2,
        "enrolments": 2,
        "teaching assignments": 2,
    }
    assert found.samples["students"]["new"] == ["Mia Santos", "Noah O'Neil"]
    assert found.problems == []
    assert found.refusal is None
    assert everything() == before


def test_applying_does_what_the_preview_said(app, tmp_path):
    path = as_folder(tmp_path, bundle())
    said = preview(path, Importer.operator())

    done = apply(path, Importer.operator())

    assert done.counts == said.counts
    mia, room = the(Student, "mia"), the(SchoolClass, "room-2a")
    assert (mia.name, mia.student_number, mia.grade, mia.school.name) == (
        "Mia Santos",
        "1001",
        2,
        "Lincoln Elementary",
    )
    assert mia.homeroom_id == room.id
    assert mia.search_key == "mia santos 1001"
    assert (room.title, room.kind, room.year) == ("2A", "homeroom", 2027)
    assert the(TeachingAssignment, "t1").staff_id == the(Staff, "ada").id


def test_contacts_come_from_the_students_line_and_from_the_adults(imported):
    imported(bundle())

    contacts = db.session.execute(
        select(Student.given_name, Contact.given_name, Contact.email, Contact.phone, Contact.relationship)
        .join(Contact, Contact.student_id == Student.id)
        .order_by(Student.given_name)
    ).all()
    assert contacts == [
        ("Mia", "Grace", "grace@mail.example", "555-0100", "guardian"),
        ("Noah", "Grace", "grace@mail.example", "555-0100", "guardian"),
    ]


def test_the_district_becomes_a_network_of_its_schools(imported):
    imported(bundle())

    network = the(Network, "district")
    assert network.name == "Riverbend District"
    assert (
        len(db.session.scalars(select(NetworkSchool).where(NetworkSchool.network_id == network.id)).all())
        == 2
    )


def test_a_school_that_changes_districts_leaves_the_former_network(imported):
    imported(bundle())

    orgs = ORGS.replace("ADA,district", "ADA,other") + "other,,,Other District,district,OD,\n"
    imported(bundle(orgs=orgs))

    adams = the(School, "adams")
    links = db.session.scalars(
        select(NetworkSchool.network_id).where(NetworkSchool.school_id == adams.id)
    ).all()
    assert links == [the(Network, "other").id]


def test_the_same_roster_again_changes_nothing(imported):
    imported(bundle())
    before = everything()

    again = imported(bundle())

    assert again.changes == 0
    assert again.counts == {}
    assert everything() == before


def test_the_school_year_ends_after_its_last_day_where_the_school_is(imported):
    imported(bundle())

    year = db.session.scalar(select(SchoolYear).join(School).where(School.source_id == "lincoln"))
    assert (year.year, str(year.last_day)) == (2027, "2027-06-11")
    assert year.ends_at.isoformat() == "2027-06-12T04:00:00+00:00"


def test_a_changed_last_day_moves_the_end(imported):
    imported(bundle())

    done = imported(bundle(academicsessions=SESSIONS.replace("2027-06-11", "2027-06-18")))

    assert done.counts["school years"]["changed"] == 2
    assert {str(day) for day in db.session.scalars(select(SchoolYear.last_day))} == {"2027-06-18"}


def test_each_school_follows_the_calendar_of_its_classes(imported):
    sessions = SESSIONS + "late-27,,,Late,schoolYear,2026-09-07,2027-07-02,,2027\n"
    classes = CLASSES.replace('"fall-27"', "late-27")

    imported(bundle(academicsessions=sessions, classes=classes))

    rows = db.session.execute(select(School.source_id, SchoolYear.last_day).join(SchoolYear)).all()
    assert {(school, str(day)) for school, day in rows} == {
        ("lincoln", "2027-06-11"),
        ("adams", "2027-07-02"),
    }


def test_half_a_roster_leaves_nothing_half_applied(app, tmp_path, imported):
    imported(bundle())
    before = everything()
    path = tmp_path / "half.zip"
    path.write_bytes(b"PK\x03\x04 and then nothing")

    with pytest.raises(NotARoster):
        apply(path, Importer.operator())

    assert everything() == before


@pytest.mark.parametrize(
    "text", ["just some words", "P", "name,age\nAnn,9\n", "\x00\x01\x02", "%PDF-1.7\n%âãÏÓ\n1 0 obj"]
)
def test_a_file_that_is_no_roster_is_refused_in_words(app, tmp_path, text):
    path = tmp_path / "upload.csv"
    path.write_text(text)

    with pytest.raises(NotARoster, match="This is no roster"):
        preview(path, Importer.operator())


@pytest.mark.parametrize("name", ["moodle_v1p1_full.zip", "moodle_v1p2_full.zip"])
def test_published_bundles_are_applied_as_far_as_they_go(app, name):
    if not (PUBLISHED / name).exists():
        pytest.skip(f"{name} is not beside the project folder")

    done = apply(PUBLISHED / name, Importer.operator())

    assert {problem.file for problem in done.problems} >= {"users.csv", "classes.csv", "enrollments.csv"}
    assert all(problem.line for problem in done.problems if problem.severity == "rejected")
    assert apply(PUBLISHED / name, Importer.operator()).changes == 0


def test_what_fails_in_the_middle_leaves_nothing_behind(imported, tmp_path):
    before = everything()
    seen = []

    def fail_late(done, total):
        seen.append(done)
        if done == total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        imported(BUNDLE, progress=fail_late)

    assert everything() == before
    assert seen == sorted(seen)


def test_applying_is_recorded_with_counts_and_no_names(imported):
    imported(bundle())

    event = db.session.scalars(select(Event).where(Event.kind == "roster applied")).one()
    assert event.details["counts"]["students"]["new"] == 2
    assert "Mia" not in repr(event.details)


def test_progress_comes_to_its_end(imported):
    seen = []

    imported(bundle(), progress=lambda done, total: seen.append((done, total)))

    assert seen[-1][0] == seen[-1][1] > 1_000


def test_after_a_large_import_the_database_looks_again(imported):
    lines = "".join(f"s{n},,,true,lincoln,student,x,,Student,{n},,,,,,,03,\n" for n in range(1_100))

    imported(bundle(users=USERS + lines))

    table = "sqlite_stat1" if db.session.get_bind().dialect.name == "sqlite" else "pg_statistic"
    assert db.session.scalar(text(f"SELECT count(*) FROM {table}")) > 0


@pytest.mark.parametrize(
    "name", ["Ünïcødé \N{PILE OF POO}", "x" * 500, "Robert'); DROP TABLE students;--", "=1+1"]
)
def test_names_are_only_names(imported, name):
    imported(bundle(users=USERS.replace("Santos", f'"{name}"')))

    assert the(Student, "mia").family_name == name[:120]
