"""Rule B4: what an import may and may not do with staff."""

import pytest
from sqlalchemy import select, update

from portal import clock, db
from portal.db import Refused
from portal.models import Event, Guardian, Membership, School, Staff
from portal.policy.permissions import AccessLevel
from portal.roster.apply import apply
from portal.roster.importer import Importer
from tests.roster.bundles import ORGS, PEDAGOGUES, USERS, as_folder, bundle
from tests.roster.test_oneroster import ROLES, USERS_OF_1_2

ANN = "p4,Ann,Lee,ann@riverbend.example,Teacher,LIN,no\n"


@pytest.fixture
def imported(app, tmp_path):
    """Apply a pedagogue file as the operator, at two schools that are there."""
    with db.writing():
        for identifier, name in (("LIN", "Lincoln Elementary"), ("ADA", "Adams Middle School")):
            db.session.add(School(name=name, identifier=identifier))
    number = iter(range(100))

    def apply_file(text, **options):
        path = tmp_path / f"staff-{next(number)}.csv"
        path.write_text(text)
        return apply(path, Importer.operator(), **options)

    return apply_file


def levels():
    """The level of each person, by the first part of their address and by the school's short name."""
    rows = db.session.execute(
        select(Staff.email, School.identifier, Membership.level)
        .join(Membership, Membership.staff_id == Staff.id)
        .join(School, School.id == Membership.school_id)
    )
    return {(email.split("@")[0], school): level for email, school, level in rows}


def staff(name):
    found = select(Staff).where(Staff.email == f"{name}@riverbend.example")
    return db.session.scalar(found.execution_options(populate_existing=True))


def set_level(name, level):
    with db.writing():
        db.session.execute(
            update(Membership).where(Membership.staff_id == staff(name).id).values(level=level.value)
        )


def level_events():
    rows = db.session.scalars(select(Event).where(Event.kind == "level changed").order_by(Event.id))
    return [(event.about_id, event.details["reason"]) for event in rows]


def test_new_people_get_an_account_that_opens_nothing(imported):
    done = imported(PEDAGOGUES + ANN)

    assert done.counts["staff"]["new"] == 4
    assert levels()["otto", "LIN"] == levels()["ann", "LIN"] == AccessLevel.NO_ACCESS.value
    assert (staff("otto").title, staff("otto").password_hash, staff("otto").source_id) == (
        "Secretary",
        None,
        "p2",
    )


def test_the_principal_becomes_school_admin_and_that_is_recorded(imported):
    done = imported(PEDAGOGUES)

    assert levels()["hana", "LIN"] == levels()["pia", "ADA"] == AccessLevel.SCHOOL_ADMIN.value
    assert done.counts["principals"]["new"] == 2
    assert level_events() == [(staff("hana").id, "new principal"), (staff("pia").id, "new principal")]


def test_the_same_file_again_changes_nothing(imported):
    imported(PEDAGOGUES)

    assert imported(PEDAGOGUES).changes == 0


def test_no_import_changes_a_level(imported):
    imported(PEDAGOGUES)
    set_level("otto", AccessLevel.SCHOOL_WIDE_EDITOR)

    imported(PEDAGOGUES.replace("Secretary", "Clerk"))

    assert levels()["otto", "LIN"] == AccessLevel.SCHOOL_WIDE_EDITOR.value
    assert staff("otto").title == "Clerk"


def test_no_import_revives_a_blocked_person(imported):
    imported(PEDAGOGUES)
    with db.writing():
        staff("otto").closed_at = clock.now()

    imported(PEDAGOGUES.replace("Secretary", "Clerk"))

    assert staff("otto").closed_at is not None


def test_a_new_principal_takes_over_and_the_former_one_waits_for_review(imported):
    imported(PEDAGOGUES)

    imported(
        PEDAGOGUES.replace("Secretary,LIN,no", "Principal,LIN,yes").replace(
            "Principal,LIN,yes", "Teacher,LIN,no", 1
        )
    )

    assert levels()["otto", "LIN"] == AccessLevel.SCHOOL_ADMIN.value
    assert levels()["hana", "LIN"] == AccessLevel.NO_ACCESS.value
    review = db.session.scalar(select(Membership.review_since).where(Membership.staff_id == staff("hana").id))
    assert review is not None
    assert levels()["pia", "ADA"] == AccessLevel.SCHOOL_ADMIN.value
    assert level_events()[2:] == [(staff("otto").id, "new principal"), (staff("hana").id, "former principal")]


def test_a_correction_by_the_operator_stands_against_the_same_file(imported):
    imported(PEDAGOGUES)
    set_level("hana", AccessLevel.NO_ACCESS)
    set_level("otto", AccessLevel.SCHOOL_ADMIN)

    done = imported(PEDAGOGUES)

    assert done.changes == 0
    assert levels()["hana", "LIN"] == AccessLevel.NO_ACCESS.value
    assert levels()["otto", "LIN"] == AccessLevel.SCHOOL_ADMIN.value


def test_a_former_principal_may_be_appointed_once_more(imported):
    hana_again = PEDAGOGUES
    otto = PEDAGOGUES.replace("Secretary,LIN,no", "Principal,LIN,yes").replace(
        "Principal,LIN,yes", "Teacher,LIN,no", 1
    )
    for text in (PEDAGOGUES, otto, hana_again):
        imported(text)

    assert levels()["hana", "LIN"] == AccessLevel.SCHOOL_ADMIN.value
    assert levels()["otto", "LIN"] == AccessLevel.NO_ACCESS.value


def test_a_file_without_a_principal_leaves_the_present_one(imported):
    imported(PEDAGOGUES)

    imported(PEDAGOGUES.replace("yes", ""))

    assert levels()["hana", "LIN"] == AccessLevel.SCHOOL_ADMIN.value


def test_without_an_email_there_is_no_account(imported):
    done = imported(PEDAGOGUES + ANN.replace("ann@riverbend.example", ""))

    assert staff("ann") is None
    assert [problem.place for problem in done.problems] == ["staff-0.csv:5:email"]


def test_an_email_that_two_people_share_makes_one_account(imported):
    done = imported(PEDAGOGUES + ANN.replace("ann@", "otto@"))

    assert staff("otto").given_name == "Otto"
    assert [problem.place for problem in done.problems] == ["staff-0.csv:5:email"]
    assert done.counts["staff"] == {"new": 3, "changed": 0, "gone": 0, "rejected": 1}


def test_a_new_person_does_not_inherit_an_account_with_an_old_address(imported):
    imported(PEDAGOGUES)
    set_level("otto", AccessLevel.SCHOOL_WIDE_EDITOR)

    done = imported(PEDAGOGUES.replace("p2,Otto,Lind", "p9,Ivy,Moss"), override=True)

    assert (staff("otto").name, staff("otto").source_id) == ("Otto Lind", "p2")
    assert done.counts["staff"]["rejected"] == 1


def test_a_guardian_with_a_teachers_address_stays_a_guardian(imported):
    with db.writing():
        db.session.add(Guardian(email="ann@riverbend.example", given_name="Somebody"))

    imported(PEDAGOGUES + ANN)

    assert staff("ann").name == "Ann Lee"
    assert db.session.scalar(select(Guardian)).name == "Somebody"


def test_an_account_made_by_hand_is_found_by_its_email(imported):
    with db.writing():
        db.session.add(Staff(email="ann@riverbend.example", given_name="Annie", family_name="Lee"))

    imported(PEDAGOGUES + ANN)

    assert (staff("ann").source_id, staff("ann").given_name) == ("p4", "Ann")


def test_who_is_not_on_the_file_is_flagged_and_keeps_their_level(imported):
    imported(PEDAGOGUES + ANN)
    set_level("ann", AccessLevel.CASELOAD_EDITOR)

    done = imported(PEDAGOGUES, override=True)

    assert done.counts["staff"]["gone"] == 1
    assert staff("ann").off_file_at is not None
    assert levels()["ann", "LIN"] == AccessLevel.CASELOAD_EDITOR.value


def test_who_is_back_on_the_file_is_flagged_no_more(imported):
    imported(PEDAGOGUES + ANN)
    imported(PEDAGOGUES, override=True)

    imported(PEDAGOGUES + ANN)

    assert staff("ann").off_file_at is None


def test_a_file_of_one_school_says_nothing_of_another(imported):
    imported(PEDAGOGUES)

    imported("".join(line for line in PEDAGOGUES.splitlines(keepends=True) if not line.startswith("p3")))

    assert staff("pia").off_file_at is None


def test_more_than_a_tenth_of_staff_gone_is_refused(imported):
    imported(PEDAGOGUES + ANN)

    with pytest.raises(Refused, match="1 of 4 staff are not in this file"):
        imported(PEDAGOGUES)


def test_a_changed_email_is_applied_by_the_operator_and_recorded(imported):
    imported(PEDAGOGUES)

    imported(PEDAGOGUES.replace("otto@", "otto.lind@"))

    assert staff("otto") is None
    assert staff("otto.lind").source_id == "p2"
    assert (
        db.session.scalar(select(Event.about_id).where(Event.kind == "email changed"))
        == staff("otto.lind").id
    )


def test_somebody_at_two_schools_belongs_to_both(imported):
    imported(PEDAGOGUES + ANN + ANN.replace("LIN", "ADA"))

    assert levels().keys() >= {("ann", "LIN"), ("ann", "ADA")}


def test_a_school_nobody_knows_is_reported(imported):
    done = imported(PEDAGOGUES + ANN.replace("LIN", "MARS"))

    assert staff("ann") is None
    assert done.problems[0].line == 5


def test_the_principal_of_oneroster_becomes_school_admin(app, tmp_path):
    apply(as_folder(tmp_path, bundle(users=USERS_OF_1_2, roles=ROLES)), Importer.operator())

    assert levels()["hana", "LIN"] == AccessLevel.SCHOOL_ADMIN.value
    assert staff("eve") is None


def test_staff_of_a_district_office_are_reported(app, tmp_path):
    users = USERS.replace("lincoln,teacher", "district,administrator")

    done = apply(as_folder(tmp_path, bundle(users=users, orgs=ORGS)), Importer.operator())

    assert staff("ada") is None
    assert (
        "works at no school"
        in next(problem for problem in done.problems if problem.file == "users.csv").sentence
    )
