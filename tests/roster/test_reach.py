"""What an import by somebody signed in must not touch, and must not give away."""

import pytest
from sqlalchemy import select, update

from portal import clock, db
from portal.models import (
    Contact,
    Enrolment,
    Membership,
    Network,
    NetworkMembership,
    NetworkSchool,
    School,
    SchoolClass,
    SchoolYear,
    Staff,
    Student,
)
from portal.permissions import AccessLevel, NetworkLevel
from portal.roster.apply import apply, preview
from portal.roster.importer import Importer
from tests.roster.bundles import (
    CLASSES,
    ENROLMENTS,
    ORGS,
    PEDAGOGUES,
    SESSIONS,
    USERS,
    as_folder,
    bundle,
    without,
)
from tests.roster.stored import everything, the

SAYS_NOTHING = "This line is not within your reach. If it is right, it must be applied by the operator."

#: The roster of Lincoln alone, as its own office would send it.
LINCOLN = bundle(
    orgs=without(ORGS, "adams"),
    classes=without(CLASSES, "math"),
    users=without(USERS, "noah", "ben").replace("noah,,\n", ",,\n"),
    enrollments=without(ENROLMENTS, "e2", "t2"),
)


@pytest.fixture
def district(app, tmp_path):
    """Lincoln and Adams in Riverbend, and Mars, a school elsewhere; everybody as the operator imported them."""
    orgs = ORGS + "mars,,,Mars School,school,MARS,planets\nplanets,,,Planets,district,PL,\n"
    users = (
        USERS
        + "zoe,,,true,mars,student,zoe,,Zoe,Quill,,3001,,,,,04,\n"
        + "max,,,true,mars,teacher,max,,Max,Orr,,,max@mars.example,,,,,\n"
    )
    classes = CLASSES + "mars-1,,,Mars 1,04,,M1,homeroom,,mars,year-27,,,\n"
    enrolments = ENROLMENTS + "m1,,,mars-1,mars,zoe,student,false,,\n"
    apply(
        as_folder(
            tmp_path / "district", bundle(orgs=orgs, users=users, classes=classes, enrollments=enrolments)
        ),
        Importer.operator(),
    )


@pytest.fixture
def otto(district):
    """Delegated Admin of Lincoln."""
    with db.writing():
        person = Staff(email="otto@riverbend.example", given_name="Otto", family_name="Lind")
        db.session.add(person)
        db.session.flush()
        db.session.add(
            Membership(
                staff_id=person.id,
                school_id=the(School, "lincoln").id,
                level=AccessLevel.DELEGATED_ADMIN.value,
            )
        )
    return person


@pytest.fixture
def nell(district):
    """Network Admin of Riverbend."""
    with db.writing():
        person = Staff(email="nell@riverbend.example", given_name="Nell", family_name="Frey")
        db.session.add(person)
        db.session.flush()
        network_id = the(Network, "district").id
        db.session.add(
            NetworkMembership(
                staff_id=person.id, network_id=network_id, level=NetworkLevel.NETWORK_ADMIN.value
            )
        )
    return person


@pytest.fixture
def sent(tmp_path):
    """Apply files as somebody; what was rejected comes back as {place: sentence}."""

    def apply_as(person, files, **options):
        done = apply(as_folder(tmp_path / "sent", files), Importer.by(person), **options)
        return {
            problem.place: problem.sentence for problem in done.problems if problem.severity == "rejected"
        }

    return apply_as


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


def test_staff_who_also_work_elsewhere_are_left_alone(otto, sent):
    with db.writing():
        db.session.add(Membership(staff_id=the(Staff, "ada").id, school_id=the(School, "mars").id))

    rejected = sent(otto, LINCOLN | {"users.csv": str(LINCOLN["users.csv"]).replace("Byron", "Changed")})

    assert rejected == {"users.csv:3": SAYS_NOTHING}
    assert the(Staff, "ada").family_name == "Byron"


def test_staff_who_also_work_for_a_network_are_left_alone(otto, sent):
    with db.writing():
        db.session.add(
            NetworkMembership(staff_id=the(Staff, "ada").id, network_id=the(Network, "planets").id)
        )

    assert sent(otto, LINCOLN | {"users.csv": str(LINCOLN["users.csv"]).replace("Byron", "Changed")}) == {
        "users.csv:3": SAYS_NOTHING
    }


def test_staff_who_also_work_elsewhere_are_not_off_file_here(otto, sent):
    with db.writing():
        db.session.add(Membership(staff_id=the(Staff, "ada").id, school_id=the(School, "mars").id))

    sent(otto, LINCOLN | {"users.csv": without(str(LINCOLN["users.csv"]), "ada")})

    assert the(Staff, "ada").off_file_at is None


def test_staff_elsewhere_are_not_adopted_by_their_email(otto, sent):
    users = str(LINCOLN["users.csv"]) + "new,,,true,lincoln,teacher,m,,Max,Orr,,,max@mars.example,,,,,\n"

    rejected = sent(otto, LINCOLN | {"users.csv": users})

    assert rejected == {"users.csv:5": SAYS_NOTHING}
    assert db.session.scalars(select(Membership).where(Membership.staff_id == the(Staff, "max").id)).one()


@pytest.mark.parametrize("who", ["otto", "nell"])
def test_an_email_to_sign_in_with_is_changed_by_the_operator_only(request, sent, tmp_path, who):
    person = request.getfixturevalue(who)
    users = str(LINCOLN["users.csv"]).replace("ada@riverbend.example", "attacker@mail.example")

    done = apply(
        as_folder(tmp_path / "own", LINCOLN | {"users.csv": users}), Importer.by(person), override=True
    )

    assert the(Staff, "ada").email == "ada@riverbend.example"
    assert "operator" in {problem.place: problem.sentence for problem in done.problems}["users.csv:3:email"]


@pytest.mark.parametrize("who", ["otto", "nell"])
def test_a_principal_is_appointed_by_the_operator_only(request, tmp_path, who):
    person = request.getfixturevalue(who)
    path = tmp_path / "staff.csv"
    path.write_text(
        PEDAGOGUES.replace("hana@", "hana.o@").splitlines()[0] + "\np1,Hana,Okafor,hana@x.example,,LIN,yes\n"
    )

    done = apply(path, Importer.by(person), override=True)

    levels = db.session.scalars(
        select(Membership.level).where(Membership.school_id == the(School, "lincoln").id)
    )
    assert AccessLevel.SCHOOL_ADMIN.value not in levels.all()
    assert [problem.place for problem in done.problems] == ["staff.csv:2:principal"]


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
    otto.forget_rights()
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
