"""What OneRoster files say, in our words; and what they say wrongly, by file, line and column."""

from datetime import date
from pathlib import Path

import pytest

from portal.roster.problems import Severity
from portal.roster.rows import Mode, Part, Role
from tests.roster.bundles import CLASSES, ENROLMENTS, MANIFEST, ORGS, SESSIONS, USERS, bundle
from tests.roster.conftest import Reading

PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "data" / "oneroster"

USERS_OF_1_2 = """sourcedId,status,dateLastModified,enabledUser,username,givenName,familyName,email,agentSourcedIds,grades,preferredGivenName,primaryOrgSourcedId
mia,,,TRUE,mia,Maria,Santos,,grace,KG,Mia,lincoln
hana,,,TRUE,hana,Hana,Okafor,hana@riverbend.example,,,,lincoln
eve,,,TRUE,eve,Eve,Stone,eve@riverbend.example,,,,lincoln
"""  # noqa: E501

ROLES = """sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId
r1,,,mia,primary,student,,,lincoln,
r2,,,hana,primary,principal,2026-07-01,,lincoln,
r3,,,hana,secondary,guardian,,,lincoln,
r4,,,eve,primary,principal,2020-07-01,2026-06-30,lincoln,
"""  # noqa: E501


def test_a_right_bundle_has_no_problems(read):
    assert list(read(bundle()).problems) == []


def test_organisations_sessions_and_classes_are_read(read):
    rows = read(bundle()).rows

    assert rows["orgs"]["lincoln"][3:] == ("Lincoln Elementary", "school", "LIN", "district")
    assert rows["sessions"]["year-27"][4:] == ("schoolyear", date(2026, 8, 24), date(2027, 6, 11), "", 2027)
    assert rows["classes"]["room-2a"][3:] == ("2A", "2A", "Room 4", True, "lincoln", ("year-27",))
    assert not rows["classes"]["math-6"].is_homeroom


def test_a_student_is_read(read):
    mia = read(bundle()).rows["users"]["mia"]

    assert mia.roles == (Role(Part.STUDENT, "student", "lincoln"),)
    assert (mia.given_name, mia.family_name, mia.number, mia.grade) == ("Mia", "Santos", "1001", 2)
    assert mia.agent_ids == ("grace",)


def test_staff_and_contacts_are_read(read):
    users = read(bundle()).rows["users"]

    assert users["ada"].roles == (Role(Part.STAFF, "teacher", "lincoln"),)
    assert users["grace"].roles == (Role(Part.CONTACT, "guardian", "lincoln"),)
    assert (users["grace"].phone, users["grace"].agent_ids) == ("555-0100", ("noah",))


def test_enrolments_are_read(read):
    enrolments = read(bundle()).rows["enrolments"]

    assert enrolments["e1"][3:] == ("room-2a", "mia", "student", False, date(2026, 8, 24), date(2027, 6, 11))
    assert enrolments["t1"].is_primary


def test_passwords_are_read_by_nobody(read):
    reading = read(bundle())

    assert "secret-word" not in repr([list(rows.values()) for rows in reading.rows.values()])


def test_roles_of_their_own_file_are_read_and_ended_ones_count_as_none(read):
    users = read(bundle(users=USERS_OF_1_2, roles=ROLES)).rows["users"]

    assert {role.name for role in users["hana"].roles} == {"principal", "guardian"}
    assert users["eve"].is_deleted
    assert users["mia"].preferred_name == "Mia"
    assert users["mia"].grade == 0


def test_a_principal_from_next_year_is_none_now(read):
    roles = ROLES.replace("principal,2026-07-01", "principal,2027-07-01")

    users = read(bundle(users=USERS_OF_1_2, roles=roles)).rows["users"]

    assert {role.name for role in users["hana"].roles} == {"guardian"}


def test_a_role_nobody_knows_is_reported_and_the_person_rejected(read):
    reading = read(bundle(users=USERS.replace("teacher,ben", "wizard,ben")))

    assert "ben" not in reading.rows["users"]
    assert reading.files["users"].rejected == {"ben"}
    assert {"users.csv:5:role"} == set(reading.sentences)


def test_old_names_of_columns_are_read(read):
    users = (
        USERS.replace("agentSourcedIds", "agents").replace("identifier", "userId").replace("grades", "grade")
    )

    mia = read(bundle(users=users)).rows["users"]["mia"]

    assert (mia.agent_ids, mia.number, mia.grade) == (("grace",), "1001", 2)


def test_without_a_manifest_every_file_is_taken_as_complete(read):
    reading = read(bundle(manifest=None))

    assert reading.files["users"].mode is Mode.BULK
    assert reading.files["users"].shows_who_is_gone
    assert "taken as complete" in reading.sentences["manifest.csv"]


def test_a_file_of_changes_says_who_is_to_be_deleted(read):
    manifest = MANIFEST.replace("file.users,bulk", "file.users,delta")

    reading = read(bundle(manifest=manifest, users=USERS.replace("noah,,", "noah,tobedeleted,")))

    assert reading.rows["users"]["noah"].is_deleted
    assert not reading.rows["users"]["mia"].is_deleted
    assert not reading.files["users"].shows_who_is_gone


def test_a_file_the_manifest_calls_absent_is_not_used(read):
    reading = read(bundle(manifest=MANIFEST.replace("file.users,bulk", "file.users,absent")))

    assert reading.rows["users"] == {}
    assert reading.files["users"].mode is Mode.ABSENT
    assert "absent" in reading.sentences["users.csv"]


def test_a_file_the_manifest_names_and_nobody_sent_is_reported(read):
    reading = read(bundle(users=None))

    assert reading.files["users"].mode is Mode.ABSENT
    assert "not here" in reading.sentences["users.csv"]


def test_an_unknown_version_is_reported(read):
    assert (
        "not known"
        in read(bundle(manifest=MANIFEST.replace("1.1", "7.0"))).sentences["manifest.csv:oneroster.version"]
    )


def test_the_same_person_twice_is_used_once(read):
    reading = read(bundle(users=USERS + "mia,,,true,adams,student,x,,Other,Person,,9,,,,,07,\n"))

    assert reading.rows["users"]["mia"].given_name == "Mia"
    assert "earlier line" in reading.sentences["users.csv:7:sourcedId"]


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"users": USERS.replace("mia,,,", ",,,")}, "users.csv:2:sourcedId"),
        ({"users": USERS.replace("Mia,Santos", ",")}, "users.csv:2:givenName"),
        ({"orgs": ORGS.replace("Lincoln Elementary", "")}, "orgs.csv:3:name"),
        ({"classes": CLASSES.replace("2A", "")}, "classes.csv:2:title"),
    ],
)
def test_what_a_line_cannot_do_without_is_named(read, changed, place):
    reading = read(bundle(**changed))

    assert (
        next(problem for problem in reading.problems if problem.place == place).severity is Severity.REJECTED
    )


def test_a_person_with_one_name_keeps_it_as_given_name(read):
    mia = read(bundle(users=USERS.replace("Mia,Santos", ",Santos"))).rows["users"]["mia"]

    assert (mia.given_name, mia.family_name) == ("Santos", "")


@pytest.mark.parametrize(
    ("written", "grade"),
    [("02", 2), ("2", 2), ("12", 12), ("KG", 0), ("K", 0), ("PK", -1), ("2nd", 2), ("", None)],
)
def test_grades_are_read(read, written, grade):
    reading = read(bundle(users=USERS.replace(",02,", f",{written},")))

    assert reading.rows["users"]["mia"].grade == grade
    assert not list(reading.problems)


@pytest.mark.parametrize("written", ["UG", "13", "99", "x"])
def test_other_grades_are_left_empty_and_reported(read, written):
    reading = read(bundle(users=USERS.replace(",02,", f",{written},")))

    assert reading.rows["users"]["mia"].grade is None
    assert written.upper() in reading.sentences["users.csv:2:grades"]


@pytest.mark.parametrize(
    ("start", "end", "first_day", "sentence"),
    [
        ("1/05/2023", "15/06/2023", date(2023, 5, 1), "day/month/year"),
        ("1/05/2023", "6/15/2023", date(2023, 1, 5), "month/day/year"),
        ("1/05/2023", "2/05/2023", date(2023, 1, 5), "do not say"),
        ("1.5.23", "30.5.23", date(2023, 5, 1), "day/month/year"),
    ],
)
def test_the_order_of_day_and_month_is_decided_by_the_whole_file(read, start, end, first_day, sentence):
    reading = read(
        bundle(sessions=None, academicsessions=SESSIONS.replace("2026-08-24,2027-06-11", f"{start},{end}"))
    )

    assert reading.rows["sessions"]["year-27"].first_day == first_day
    assert sentence in reading.sentences["academicSessions.csv"]


@pytest.mark.parametrize("written", ["2026-08-24T00:00:00.000Z", "2026/8/24", "20260824", "2026-08-24 00:00"])
def test_days_are_read_from_other_ways_to_write_them(read, written):
    enrolments = ENROLMENTS.replace("2026-08-24", written)

    assert read(bundle(enrollments=enrolments)).rows["enrolments"]["e1"].first_day == date(2026, 8, 24)


@pytest.mark.parametrize("written", ["soon", "31/02/2026", "9999-12-31", "0001-01-01"])
def test_what_is_no_day_is_left_empty_and_reported(read, written):
    reading = read(bundle(enrollments=ENROLMENTS.replace("2026-08-24", written, 1)))

    assert reading.rows["enrolments"]["e1"].first_day is None
    assert reading.sentences["enrollments.csv:2:beginDate"] == "This is not a date; it was left empty."


def test_many_problems_of_a_kind_are_counted_and_the_first_ones_kept(read):
    lines = "".join(f"x{number},,,true,lincoln,wizard,x,,X,Y,,,,,,,,\n" for number in range(300))

    problems = read(bundle(users=USERS + lines)).problems

    assert len(problems.kept) == 40
    assert problems.totals == {Severity.REMARK: 300, Severity.REJECTED: 300}
    assert problems.left_out == 560


@pytest.mark.parametrize("name", ["moodle_v1p1_full.zip", "moodle_v1p2_full.zip"])
def test_published_bundles_are_read(name):
    if not (PUBLISHED / name).exists():
        pytest.skip(f"{name} is not beside the project folder")

    reading = Reading(PUBLISHED / name)

    assert len(reading.rows["users"]) == 6
    assert reading.rows["orgs"]["org-sch-222-456"].type == "department"
    assert reading.rows["sessions"]["as-grp-222-2345"].is_deleted
    assert len(reading.rows["enrolments"]) == 6
