"""Add User: details, then trusted status, then an account."""

import pytest
from sqlalchemy import func, select

from portal import db
from portal.models import Membership, OutboxMessage, Staff, TrustedStatus
from tests.browsing import post
from tests.views.staff_room import USERS, let_time_pass

NEW, CONFIRM = f"{USERS}/new", f"{USERS}/new/trusted-status"
RUTH = {
    "given_name": "Ruth", "family_name": "Falk", "email": "Ruth@Example.org", "title": "Therapist",
    "level": "caseload_viewer",
}  # fmt: skip


def ruth() -> Staff | None:
    return Staff.with_email("ruth@example.org")


def test_nobody_comes_in_before_trusted_status_is_confirmed(cast, as_):
    hana = as_(cast.hana)
    asked = post(hana, NEW, **RUTH)
    assert asked.status_code == 200
    assert "I know Ruth Falk and confirm that they work for Lincoln Elementary" in asked.text
    assert ruth() is None

    unticked = post(hana, CONFIRM, **RUTH)
    assert unticked.status_code == 422
    assert "Tick the box" in unticked.text
    assert ruth() is None

    done = post(hana, CONFIRM, is_trusted="yes", **RUTH)
    assert (done.status_code, done.location) == (303, f"{USERS}?school={cast.lincoln.public_id}")
    assert ruth().name == "Ruth Falk"
    (kept,) = db.session.scalars(select(TrustedStatus))
    assert kept.confirmed_by_id == cast.hana.id
    assert kept.wording.startswith("I know Ruth Falk and confirm")


@pytest.mark.parametrize("level", ["school_admin", "network_admin", "no_access", ""])
@pytest.mark.parametrize("path", [NEW, CONFIRM])
def test_a_level_that_was_not_offered_is_refused(cast, as_, path, level):
    answer = post(as_(cast.hana), path, is_trusted="yes", **RUTH | {"level": level})

    assert answer.status_code == 422
    assert ruth() is None


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("given_name", "", "Enter a first name"),
        ("email", "nobody", "looks mistyped"),
        ("email", "otto@example.org", "on the list already"),
        ("level", "", "Choose an access level"),
        ("title", "x" * 121, "at most 120 characters"),
    ],
)
def test_what_is_wrong_is_said_at_once(cast, as_, field, value, sentence):
    answer = post(as_(cast.hana), NEW, **RUTH | {field: value})

    assert answer.status_code == 422
    assert sentence in answer.text


def test_staff_of_another_school_are_added_without_a_word_about_where_they_are(cast, as_):
    hana, them = as_(cast.hana), {"email": cast.sam.email}
    asked = post(hana, NEW, **RUTH | them)
    done = post(hana, CONFIRM, is_trusted="yes", **RUTH | them)
    page = hana.get(done.location).text

    assert asked.status_code == 200
    assert "Riverside" not in asked.text + page
    assert "had an account already" in page
    assert db.session.scalar(select(func.count(Membership.id)).where(Membership.staff_id == cast.sam.id)) == 2
    assert db.session.scalar(select(func.count(OutboxMessage.id))) == 0


def test_the_password_is_asked_for_with_the_confirmation(cast, as_):
    hana = as_(cast.hana)
    let_time_pass(cast.hana)

    without = post(hana, CONFIRM, is_trusted="yes", **RUTH)
    assert (without.status_code, ruth()) == (422, None)

    post(hana, CONFIRM, is_trusted="yes", password=cast.password_of(cast.hana), **RUTH)
    assert ruth() is not None


def test_nobody_is_added_to_a_school_one_does_not_manage(cast, as_):
    foreign = f"?school={cast.riverside.public_id}"

    for path in (NEW, CONFIRM):
        assert post(as_(cast.hana), path + foreign, is_trusted="yes", **RUTH).status_code == 404
    assert ruth() is None
