"""Settings > User Permissions and the network's two settings, as a browser sees them."""

import re

import pytest
from sqlalchemy import select

from portal import db
from portal.models import NetworkMembership, Staff
from portal.policy.permissions import NetworkLevel
from tests.browsing import get, post

USERS, NEW, LAST = "/network/users", "/network/users/new", "/network/users/new/portfolio"
CLEO = {
    "given_name": "Cleo", "family_name": "Coach", "email": "Cleo@Example.org", "title": "Coach",
    "level": NetworkLevel.NETWORK_AND_SCHOOL.value,
}  # fmt: skip


def held_by(staff: Staff) -> NetworkMembership:
    return db.session.scalars(select(NetworkMembership).filter_by(staff_id=staff.id)).one()


def test_everyone_of_the_network_is_there(cast, as_):
    page = as_(cast.nora).get(USERS).text

    for words in ("Nora Castellanos", "Paul Iversen", "Ona Petrauskaitė", "Nat Underhill", "1 school"):
        assert words in page
    assert "Otto" not in page
    assert "Paul" not in get(as_(cast.nora), f"{USERS}?q=ona", htmx=True).text


def test_who_has_no_access_manages_nobody_whatever_was_ticked(cast, as_):
    row = held_by(cast.ona)
    with db.writing():
        row.level, row.can_manage_users = NetworkLevel.NO_ACCESS.value, True

    page = as_(cast.nora).get(f"{USERS}?q=ona").text

    assert re.search(r'data-label="Can Manage Users"><span class="muted">No</span>', page)


def test_a_coach_is_added_in_two_steps(cast, as_):
    browser, password = as_(cast.nora), cast.password_of(cast.nora)

    second = post(browser, NEW, **CLEO)
    assert "Lincoln Elementary" in second.text
    assert "authorised" in second.text
    assert Staff.with_email("cleo@example.org") is None

    schools = [cast.lincoln.public_id, cast.riverside.public_id]
    answer = post(browser, LAST, **CLEO, reach="listed", schools=schools, is_trusted="y", password=password)

    assert answer.status_code == 303
    cleo = held_by(Staff.with_email("cleo@example.org"))
    assert cleo.level == NetworkLevel.NETWORK_AND_SCHOOL
    page = browser.get(USERS).text
    assert "Cleo Coach" in page
    assert "2 schools" in page


def test_the_second_step_leads_back_to_what_was_typed(cast, as_):
    browser = as_(cast.nora)
    assert "Network &amp; School Level" in post(browser, NEW, **CLEO).text

    first = post(browser, NEW, **CLEO, back="y")

    assert first.status_code == 200
    assert 'value="Cleo"' in first.text
    assert "Portfolio" not in first.text
    assert "There is a problem" not in first.text


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"is_trusted": ""}, "Tick the box"),
        ({"schools": []}, "Choose at least one school"),
        ({"level": "network_admin"}, "Not a valid choice"),
        ({"schools": ["AAAAAAAAAAAAAAAAAAAAAA"]}, "Choose from the schools on the list."),
    ],
)
def test_what_is_missing_or_forged_adds_nobody(cast, as_, sent, words):
    right = {
        **CLEO, "reach": "listed", "schools": [cast.lincoln.public_id], "is_trusted": "y",
        "password": cast.password_of(cast.nora),
    }  # fmt: skip

    answer = post(as_(cast.nora), LAST, **(right | sent))

    assert answer.status_code == 422
    assert words in answer.text
    assert Staff.with_email("cleo@example.org") is None


def test_a_delegates_list_offers_their_own_schools_only(cast, as_):
    with db.writing():
        held_by(cast.paul).can_manage_users = True

    second = post(as_(cast.paul), NEW, **CLEO).text
    assert "Lincoln Elementary" in second
    assert "Riverside" not in second

    forged = {**CLEO, "reach": "listed", "schools": [cast.riverside.public_id], "is_trusted": "y"}
    answer = post(as_(cast.paul), LAST, **forged, password=cast.password_of(cast.paul))
    assert answer.status_code == 422
    assert Staff.with_email("cleo@example.org") is None


def test_access_is_edited_and_holds_on_the_next_request(cast, as_):
    row, paul = held_by(cast.paul), as_(cast.paul)
    here = f"{USERS}/{row.public_id}"
    assert "Lincoln Elementary" in as_(cast.nora).get(here).text

    answer = post(
        as_(cast.nora), here, level=row.level, seen=row.level, reach="listed",
        schools=[cast.jefferson.public_id], password=cast.password_of(cast.nora),
    )  # fmt: skip

    assert answer.status_code == 303
    assert paul.get(f"/students/{cast.mia.public_id}").status_code == 404
    assert paul.get(f"/students?school={cast.jefferson.public_id}").status_code == 200


def test_oneself_and_an_admin_are_shown_with_the_rule(cast, as_):
    page = as_(cast.nora).get(f"{USERS}/{held_by(cast.nora).public_id}").text

    assert "Nobody changes their own access level" in page
    assert '<form method="post" action="/network/users' not in page


def test_the_settings_of_a_network_are_kept(cast, as_):
    browser = as_(cast.nora)
    assert "Leave out small numbers" in browser.get("/network/settings").text

    assert post(browser, "/network/settings", suppresses_small="y").status_code == 303

    db.session.expire_all()
    assert (cast.network.suppresses_small, cast.network.reads_notes) == (True, False)


@pytest.mark.parametrize("who", ["nora", "paul"])
def test_inside_a_school_notes_are_read_only_where_the_network_says_so(cast, as_, who):
    notes = f"/students/{cast.mia.public_id}/notes"
    assert as_(getattr(cast, who)).get(notes).status_code == 403

    post(as_(cast.nora), "/network/settings", reads_notes="y")

    assert as_(getattr(cast, who)).get(notes).status_code == 200
    assert as_(cast.ona).get(notes).status_code == 403
    assert post(as_(getattr(cast, who)), notes, text="Hello").status_code == 403
