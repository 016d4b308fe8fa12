"""Attendance comes in as any roster does: each line is used or reported, all of it or nothing, twice is once."""

from datetime import date

import pytest
from sqlalchemy import select, update

from portal import db
from portal.db import Refused
from portal.models import AttendanceDay, AttendanceYear, SchoolYear, Student
from portal.roster.apply import apply, preview
from portal.roster.importer import Importer
from tests.roster.bundles import ATTENDANCE, SESSIONS, USERS, as_folder, as_zip, bundle
from tests.roster.stored import everything, the
from tests.roster.test_reach import SAYS_NOTHING

HEAD = "studentSourcedId,date,status,minutesLate,reason\n"


@pytest.fixture
def came(imported, tmp_path):
    """Apply lines of attendance to the small district; what is wrong with them comes back as {place: sentence}."""
    imported(bundle())

    def apply_lines(text):
        done = apply(as_folder(tmp_path / "days", {"attendance.csv": text}), Importer.operator())
        return {problem.place: problem.sentence for problem in done.problems}

    return apply_lines


def days_of(name):
    rows = select(
        AttendanceDay.day, AttendanceDay.status, AttendanceDay.minutes_late, AttendanceDay.reason
    ).where(AttendanceDay.student_id == the(Student, name).id)
    return {row[0].isoformat(): tuple(row[1:]) for row in db.session.execute(rows)}


def year_of(name):
    rows = select(AttendanceYear).where(AttendanceYear.student_id == the(Student, name).id)
    found = db.session.scalars(rows.execution_options(populate_existing=True)).all()
    return [(row.year, row.days, row.present, row.late, row.absent, row.excused) for row in found]


def test_days_come_in_and_are_counted(came):
    problems = came(ATTENDANCE)

    assert problems == {}
    assert days_of("mia") == {
        "2026-11-16": ("present", None, None),
        "2026-11-17": ("late", 15, "Bus"),
        "2026-11-18": ("excused", None, "Doctor"),
    }
    assert year_of("mia") == [(2027, 3, 1, 1, 0, 1)]
    assert year_of("noah") == [(2027, 2, 1, 0, 1, 0)]


def test_they_may_come_with_the_roster_that_brings_the_students(imported):
    done = imported(bundle(attendance=ATTENDANCE))

    assert done.counts["attendance days"]["new"] == 5
    assert done.problems == []
    assert year_of("mia") == [(2027, 3, 1, 1, 0, 1)]


@pytest.mark.parametrize("name", ["attendance.csv", "Absences of November.CSV"])
def test_a_lone_file_is_known_by_its_columns(imported, tmp_path, name):
    imported(bundle())
    path = tmp_path / name
    path.write_text(ATTENDANCE)

    assert preview(path, Importer.operator()).counts["attendance days"]["new"] == 5


def test_the_same_file_again_changes_nothing(came, tmp_path):
    came(ATTENDANCE)
    before = everything()

    came(ATTENDANCE)

    assert everything() == before


def test_a_later_file_corrects_a_day_and_leaves_the_others(came):
    came(ATTENDANCE)

    came(HEAD + "mia,2026-11-16,absent,,\n")

    assert days_of("mia")["2026-11-16"] == ("absent", None, None)
    assert year_of("mia") == [(2027, 3, 0, 1, 1, 1)]
    assert year_of("noah") == [(2027, 2, 1, 0, 1, 0)]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("nobody,2026-11-16,present,,", "studentSourcedId"),
        (",2026-11-16,present,,", "studentSourcedId"),
        ("mia,2026-02-30,present,,", "date"),
        ("mia,,present,,", "date"),
        ("mia,2027-01-15,present,,", "date"),
        ("mia,2026-11-16,asleep,,", "status"),
        ("mia,2026-11-16,,,", "status"),
    ],
)
def test_a_line_that_cannot_be_used_is_reported_and_the_others_are_used(came, line, column):
    problems = came(HEAD + line + "\nnoah,2026-11-16,present,,\n")

    assert f"attendance.csv:2:{column}" in problems
    assert days_of("mia") == {}
    assert list(days_of("noah")) == ["2026-11-16"]


def test_a_day_told_twice_is_used_once(came):
    problems = came(HEAD + "mia,2026-11-16,present,,\nmia,2026-11-16,absent,,\n")

    assert list(problems) == ["attendance.csv:3:date"]
    assert days_of("mia")["2026-11-16"][0] == "present"


@pytest.mark.parametrize("minutes", ["soon", "-5", "9999", "1.5"])
def test_minutes_that_are_none_are_left_out(came, minutes):
    problems = came(HEAD + f"mia,2026-11-16,late,{minutes},\n")

    assert list(problems) == ["attendance.csv:2:minutesLate"]
    assert days_of("mia")["2026-11-16"] == ("late", None, None)


def test_only_who_is_late_has_minutes(came):
    problems = came(HEAD + "mia,2026-11-16,absent,15,\nnoah,2026-11-16,present,0,\n")

    assert list(problems) == ["attendance.csv:2:minutesLate"]
    assert days_of("mia")["2026-11-16"] == ("absent", None, None)


def test_dates_and_words_as_schools_write_them(came):
    problems = came("date;STATUS;studentsourcedid\n11/16/2026;Tardy;mia\n11/17/2026;E;mia\n")

    assert [day[0] for day in days_of("mia").values()] == ["late", "excused"]
    assert list(days_of("mia")) == ["2026-11-16", "2026-11-17"]
    assert set(problems) == {"attendance.csv:1", "attendance.csv"}


def test_days_outside_every_school_year_are_kept_and_not_counted(came):
    came(HEAD + "mia,2026-07-14,absent,,\n")

    assert list(days_of("mia")) == ["2026-07-14"]
    assert year_of("mia") == []


def test_a_year_that_turns_out_longer_is_counted_again(came, imported):
    came(HEAD + "mia,2026-08-20,absent,,\n")
    assert year_of("mia") == []

    imported(bundle(academicSessions=SESSIONS.replace("2026-08-24", "2026-08-17")))

    assert year_of("mia") == [(2027, 1, 0, 0, 1, 0)]


def test_a_student_who_changes_school_is_counted_by_its_year(came, imported):
    came(HEAD + "mia,2026-09-01,absent,,\n")
    with db.writing():
        db.session.execute(
            update(SchoolYear)
            .where(SchoolYear.school_id == the(Student, "noah").school_id)
            .values(first_day=date(2026, 10, 1))
        )

    moved = USERS.replace("mia,,,true,lincoln", "mia,,,true,adams")
    imported(bundle(users=moved, academicSessions=SESSIONS.replace("2026-08-24", "2026-10-01")))

    assert year_of("mia") == []


def test_who_left_keeps_their_days_and_may_get_more(came, imported):
    imported(bundle(users=USERS.replace("noah,,", "noah,tobedeleted,")), override=True)
    assert the(Student, "noah").left_at

    assert came(ATTENDANCE) == {}

    assert len(days_of("noah")) == 2


def test_students_elsewhere_are_left_out_without_a_hint(otto, sent):
    rejected = sent(
        otto, {"attendance.csv": ATTENDANCE + "zoe,2026-11-16,absent,,\nghost,2026-11-16,absent,,\n"}
    )

    assert rejected == dict.fromkeys(
        [f"attendance.csv:{line}:studentSourcedId" for line in (5, 6, 7, 8)], SAYS_NOTHING
    )
    assert days_of("zoe") == days_of("noah") == {}
    assert len(days_of("mia")) == 3


def test_a_preview_counts_what_applying_does_and_writes_nothing(came, tmp_path):
    before = everything()
    path = as_zip(tmp_path / "roster.zip", {"attendance.csv": ATTENDANCE})

    found = preview(path, Importer.operator())

    assert everything() == before
    assert apply(path, Importer.operator()).counts == found.counts


def test_all_of_it_or_nothing(came, imported):
    """The roster takes too many people away, so the days that came with it are not kept either."""
    with pytest.raises(Refused):
        imported(bundle(users=USERS.replace("noah,,", "noah,tobedeleted,"), attendance=ATTENDANCE))

    assert days_of("mia") == {}


def test_a_pedagogue_file_beside_attendance_is_refused_in_words(imported, tmp_path):
    path = as_folder(tmp_path / "both", {"attendance.csv": ATTENDANCE, "pedagogue.csv": "staffId,email\n"})

    with pytest.raises(Exception, match="Send one after the other"):
        preview(path, Importer.operator())
