"""What an import by somebody signed in must not do with staff: their emails and levels are the operator's."""

import pytest
from sqlalchemy import select

from portal import db
from portal.models import (
    Membership,
    Network,
    NetworkMembership,
    School,
    Staff,
)
from portal.policy.permissions import AccessLevel
from portal.roster.apply import apply
from portal.roster.importer import Importer
from tests.roster.bundles import (
    LINCOLN,
    PEDAGOGUES,
    as_folder,
    without,
)
from tests.roster.stored import the

SAYS_NOTHING = "This line is not within your reach. If it is right, it must be applied by the operator."


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
