"""What an import by somebody signed in must not touch, and must not give away."""

from sqlalchemy import select, update

from portal import clock, db
from portal.models import (
    Contact,
    Enrolment,
    Membership,
    Network,
    NetworkSchool,
    School,
    SchoolClass,
    SchoolYear,
    Staff,
    Student,
)
from portal.policy.permissions import AccessLevel
from portal.roster.apply import apply, preview
from portal.roster.importer import Importer
from tests.roster.bundles import (
    LINCOLN,
    ORGS,
    SESSIONS,
    USERS,
    as_folder,
    bundle,
)
from tests.roster.stored import everything, the

SAYS_NOTHING = "This line is not within your reach. If it is right, it must be applied by the operator."


def test_a_school_admin_applies_the_roster_of_their_school(otto, sent):
    rejected = sent(otto, LINCOLN | {"users.csv": str(LINCOLN["users.csv"]).replace("Mia", "Maria")})

    assert rejected == {}
    assert the(Student, "mia").given_name == "Maria"


def test_nobody_elsewhere_is_gone_because_a_school_sent_its_own_roster(otto, sent):
    sent(otto, LINCOLN)

    assert the(Student, "noah").left_at is None
    assert the(Staff, "ben").off_file_at is None
    assert the(School, "adams").left_at is None
    assert the(SchoolClass, "math-6").ended_at is None
    assert the(Enrolment, "e2").ended_at is None


def test_the_same_roster_by_a_school_admin_changes_nothing(otto, tmp_path):
    found = preview(as_folder(tmp_path / "own", LINCOLN), Importer.by(otto))

    assert found.changes == 0


def test_lines_about_other_schools_are_left_out(otto, sent):
    before = everything()

    rejected = sent(otto, bundle(users=USERS.replace("Noah", "Norbert").replace("Ben", "Bernd")))

    assert rejected == dict.fromkeys(
        [
            "orgs.csv:4:sourcedId",
            "classes.csv:3:schoolSourcedId",
            "users.csv:3:orgSourcedIds",
            "users.csv:5",
            "enrollments.csv:3:userSourcedId",
            "enrollments.csv:5:userSourcedId",
        ],
        SAYS_NOTHING,
    )
    assert everything() == before


def test_a_school_elsewhere_and_a_school_nowhere_sound_the_same(otto, sent):
    mars = sent(otto, LINCOLN | {"users.csv": USERS.replace("adams,student", "mars,student")})
    nowhere = sent(otto, LINCOLN | {"users.csv": USERS.replace("adams,student", "nowhere,student")})

    assert mars == nowhere


def test_no_new_school_comes_into_being(otto, nell, sent):
    new = str(LINCOLN["orgs.csv"]) + "fresh,,,Fresh School,school,NEW,district\n"

    assert sent(otto, LINCOLN | {"orgs.csv": new}) == {"orgs.csv:4:sourcedId": SAYS_NOTHING}
    assert sent(nell, bundle(orgs=ORGS + "fresh,,,Fresh School,school,NEW,district\n")).get(
        "orgs.csv:5:sourcedId"
    )
    assert the(School, "fresh") is None


def test_no_school_is_moved_into_another_network(nell, sent):
    sent(nell, bundle(orgs=ORGS + "planets,,,Planets,district,PL,district\nmars,,,Mars,school,M,district\n"))

    riverbend = the(Network, "district").id
    linked = select(NetworkSchool.school_id).where(NetworkSchool.network_id == riverbend)
    assert the(School, "mars").id not in db.session.scalars(linked).all()


def test_a_student_elsewhere_is_not_taken_over_by_naming_them(otto, sent):
    users = str(LINCOLN["users.csv"]) + "zoe,,,true,lincoln,student,zoe,,Zoe,Taken,,1,,,,,04,\n"

    rejected = sent(otto, LINCOLN | {"users.csv": users})

    assert rejected == {"users.csv:5:orgSourcedIds": SAYS_NOTHING}
    assert (the(Student, "zoe").family_name, the(Student, "zoe").school.source_id) == ("Quill", "mars")


def test_a_student_who_left_another_school_is_not_taken_over_either(otto, sent):
    with db.writing():
        db.session.execute(update(Student).where(Student.source_id == "zoe").values(left_at=clock.now()))
    users = str(LINCOLN["users.csv"]) + "zoe,,,true,lincoln,student,zoe,,Zoe,Taken,,1,,,,,04,\n"

    sent(otto, LINCOLN | {"users.csv": users})

    assert the(Student, "zoe").school.source_id == "mars"


def test_a_student_is_not_given_away_to_a_school_out_of_reach(otto, sent):
    rejected = sent(
        otto, LINCOLN | {"users.csv": str(LINCOLN["users.csv"]).replace("lincoln,student", "mars,student")}
    )

    assert rejected == {"users.csv:2:orgSourcedIds": SAYS_NOTHING}
    assert (the(Student, "mia").school.source_id, the(Student, "mia").left_at) == ("lincoln", None)


def test_a_student_is_not_deleted_by_another_school(otto, sent):
    users = str(LINCOLN["users.csv"]) + "zoe,tobedeleted,,true,lincoln,student,zoe,,Zoe,Quill,,1,,,,,04,\n"

    sent(otto, LINCOLN | {"users.csv": users})

    assert the(Student, "zoe").left_at is None


def test_a_class_elsewhere_is_not_taken_over_by_naming_it(otto, sent):
    classes = str(LINCOLN["classes.csv"]) + "mars-1,,,Taken,04,,M1,homeroom,,lincoln,year-27,,,\n"

    rejected = sent(otto, LINCOLN | {"classes.csv": classes})

    assert rejected == {"classes.csv:3:schoolSourcedId": SAYS_NOTHING}
    assert the(SchoolClass, "mars-1").title == "Mars 1"


def test_an_enrolment_elsewhere_is_not_taken_over_by_naming_it(otto, sent):
    enrolments = str(LINCOLN["enrollments.csv"]) + "m1,,,room-2a,lincoln,mia,student,,,\n"

    rejected = sent(otto, LINCOLN | {"enrollments.csv": enrolments})

    assert rejected == {"enrollments.csv:4:userSourcedId": SAYS_NOTHING}
    assert the(Enrolment, "m1").student_id == the(Student, "zoe").id


def test_an_enrolment_elsewhere_does_not_become_a_teachers(otto, sent):
    enrolments = str(LINCOLN["enrollments.csv"]) + "m1,,,room-2a,lincoln,ada,teacher,,,\n"

    assert "enrollments.csv:4:userSourcedId" in sent(otto, LINCOLN | {"enrollments.csv": enrolments})


def test_teachers_elsewhere_are_not_put_into_a_class(otto, sent):
    enrolments = str(LINCOLN["enrollments.csv"]) + "t9,,,room-2a,lincoln,max,teacher,,,\n"

    assert sent(otto, LINCOLN | {"enrollments.csv": enrolments}) == {
        "enrollments.csv:4:userSourcedId": SAYS_NOTHING
    }


def test_a_contact_is_not_hung_on_a_student_elsewhere(otto, sent):
    users = str(LINCOLN["users.csv"]).replace("555-0100,,", "555-0100,zoe,")

    sent(otto, LINCOLN | {"users.csv": users})

    assert db.session.scalars(select(Contact).where(Contact.student_id == the(Student, "zoe").id)).all() == []


def test_years_of_other_schools_stay(otto, sent):
    sent(otto, LINCOLN | {"academicSessions.csv": SESSIONS.replace("2027-06-11", "2027-07-30")})

    days = dict(db.session.execute(select(School.source_id, SchoolYear.last_day).join(SchoolYear)).all())
    assert {school: str(day) for school, day in days.items()} == {
        "lincoln": "2027-07-30",
        "adams": "2027-06-11",
        "mars": "2027-06-11",
    }


def test_a_network_admin_applies_the_roster_of_the_network_and_no_further(nell, sent):
    users = USERS.replace("Noah", "Norbert") + "zoe,,,true,mars,student,zoe,,Zoe,Changed,,3001,,,,,04,\n"

    rejected = sent(nell, bundle(users=users))

    assert rejected == {"users.csv:7:orgSourcedIds": SAYS_NOTHING}
    assert the(Student, "noah").given_name == "Norbert"
    assert (the(Student, "zoe").family_name, the(Student, "zoe").left_at) == ("Quill", None)


def test_a_student_may_move_between_two_schools_within_reach(nell, sent):
    sent(nell, bundle(users=USERS.replace("lincoln,student", "adams,student")))

    assert the(Student, "mia").school.source_id == "adams"


def test_reach_is_looked_at_again_when_it_is_applied(otto, tmp_path):
    importer = Importer.by(otto)
    with db.writing():
        db.session.execute(
            update(Membership).where(Membership.staff_id == otto.id).values(level=AccessLevel.NO_ACCESS.value)
        )
    before = everything()

    apply(as_folder(tmp_path / "own", LINCOLN | {"users.csv": USERS.replace("Mia", "Changed")}), importer)

    assert everything() == before


def test_a_level_that_may_not_import_reaches_nothing(otto):
    with db.writing():
        db.session.execute(
            update(Membership)
            .where(Membership.staff_id == otto.id)
            .values(level=AccessLevel.SCHOOL_WIDE_EDITOR.value)
        )
    otto.forget_rights()

    assert Importer.by(otto).school_ids == frozenset()
