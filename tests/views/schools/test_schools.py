"""The School Picker: every place one reaches, none that one does not, and links that stay in the place chosen."""

import pytest
from sqlalchemy import func, select

from portal import db
from portal.models import Membership, NetworkSchool, SchoolVisit
from portal.models.schools.picker import AT_A_GLANCE, MOST_SHOWN
from portal.policy.permissions import AccessLevel
from tests import rows
from tests.browsing import get, post


def sign_in(client, cast, account) -> str:
    fields = {"email": account.email, "password": cast.password_of(account)}
    return str(post(client, "/staff/sign-in", **fields).location)


def test_a_network_admin_picks_among_all_schools_and_the_network(cast, as_):
    page = as_(cast.nora).get("/schools").text

    assert "View Network" in page
    assert all(name in page for name in ("Lincoln Elementary", "Riverside Middle", "Jefferson High"))


def test_a_search_is_offered_where_schools_are_many(cast, as_):
    browser = as_(cast.nora)
    assert 'role="search"' not in browser.get("/schools").text
    assert 'role="search"' in browser.get("/schools?q=nowhere").text

    for number in range(AT_A_GLANCE):
        school = rows.school(f"Public School {number}")
        rows.stored(NetworkSchool(network_id=cast.network.id, school_id=school.id))

    assert 'role="search"' in browser.get("/schools").text


def test_the_network_of_each_card_is_the_one_it_opens(cast, as_):
    assert f'/network?network={cast.network.public_id}"' in as_(cast.nora).get("/schools").text


def test_a_portfolio_offers_its_own_schools_and_no_other(cast, as_):
    page = as_(cast.paul).get("/schools").text

    assert "Lincoln Elementary" in page
    assert "Riverside" not in page
    assert "Jefferson" not in page


def test_a_school_that_left_the_network_is_not_offered(cast, as_):
    with db.writing():
        db.session.delete(db.session.get_one(NetworkSchool, (cast.network.id, cast.riverside.id)))

    assert "Riverside" not in as_(cast.nora).get("/schools").text


@pytest.mark.parametrize("who", ["nora", "paul"])
def test_who_reaches_several_places_is_asked_after_signing_in(cast, client, who):
    assert sign_in(client, cast, getattr(cast, who)) == "/schools"


@pytest.mark.parametrize(("who", "place"), [("otto", "/students"), ("ona", "/network")])
def test_who_reaches_one_place_goes_there(cast, client, who, place):
    assert sign_in(client, cast, getattr(cast, who)) == place
    assert "Change school" not in client.get(place).text


def test_who_works_at_two_schools_is_asked_too(cast, client):
    rows.stored(
        Membership(
            staff_id=cast.otto.id, school_id=cast.riverside.id, level=AccessLevel.SCHOOL_WIDE_VIEWER.value
        )
    )

    assert sign_in(client, cast, cast.otto) == "/schools"
    page = client.get("/schools").text
    assert "Lincoln Elementary" in page
    assert "Riverside Middle" in page
    assert "View Network" not in page


def test_two_tabs_stay_in_two_schools(cast, as_):
    browser = as_(cast.nora)

    for school in (cast.riverside, cast.jefferson):
        page = browser.get(f"/students?school={school.public_id}").text
        assert f'href="/students?school={school.public_id}" aria-current="true"' in page
    student = browser.get(f"/students/{cast.tomas.public_id}").text
    assert f'href="/students?school={cast.riverside.public_id}"' in student
    assert 'href="/schools"' in student


def test_a_school_is_found_by_a_part_of_its_name(cast, as_):
    part = get(as_(cast.nora), "/schools?q=MIDDLE river", htmx=True).text

    assert "Riverside Middle" in part
    assert "Lincoln" not in part
    assert "No such school" in as_(cast.nora).get("/schools?q=%25").text


def test_more_schools_than_one_reads_are_searched(cast, as_):
    for number in range(MOST_SHOWN):
        school = rows.school(f"Public School {number:03}")
        rows.stored(NetworkSchool(network_id=cast.network.id, school_id=school.id))

    page = as_(cast.nora).get("/schools").text

    assert page.count('class="place-card"') == MOST_SHOWN
    assert "There are more schools." in page


def test_an_empty_portfolio_says_so(cast, as_):
    with db.writing():
        db.session.delete(db.session.get_one(NetworkSchool, (cast.network.id, cast.lincoln.id)))

    assert "Your portfolio is empty." in as_(cast.paul).get("/schools").text


def test_no_school_is_entered_by_a_section_of_the_header(cast, as_):
    """It leads to the picker: the visit would be in a school that nobody chose."""
    nora = as_(cast.nora)
    page = nora.get("/network").text

    assert '<a href="/schools">Students</a>' in page
    assert 'href="/settings/caseloads' not in page
    assert db.session.scalar(select(func.count()).select_from(SchoolVisit)) == 0
    inside = nora.get(f"/students?school={cast.lincoln.public_id}").text
    assert f'<a href="/dashboard?school={cast.lincoln.public_id}">Dashboard</a>' in inside


@pytest.mark.parametrize("path", ["/settings/levels", "/jobs", "/settings/roster"])
def test_pages_of_no_school_keep_the_one_that_one_comes_from(cast, as_, path):
    hana, nora = as_(cast.hana), as_(cast.nora)

    assert '<p class="place">Lincoln Elementary' in hana.get(path).text
    if path != "/jobs":
        assert "Riverside Middle" in nora.get(f"{path}?school={cast.riverside.public_id}").text
        assert '<p class="place">Riverside' not in nora.get(path).text


def test_the_mark_in_the_header_leads_to_where_one_s_work_begins(cast, as_):
    ona = as_(cast.ona)

    assert '<a class="product" href="/">' in ona.get("/network").text
    assert ona.get("/").location == "/network"
