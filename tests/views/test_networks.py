"""View Network: numbers and schools, never a student; the same in the spreadsheet."""

import csv

import pytest
from sqlalchemy import select, update

from portal import db
from portal.models import Network, NetworkMembership, NetworkSchool, School, Student
from portal.policy.permissions import NetworkLevel
from portal.worker import totals
from tests import rows
from tests.browsing import get
from tests.statements import counted as statements_of

NOBODY = "AAAAAAAAAAAAAAAAAAAAAA"


@pytest.fixture
def counted(cast):
    totals.recount_changed()
    return cast


def test_the_page_shows_each_school_of_the_network_in_numbers(counted, as_):
    page = as_(counted.nora).get("/network").text

    assert all(name in page for name in ("Lincoln Elementary", "Riverside Middle", "Jefferson High"))
    assert "Maple Valley Schools" in page


@pytest.mark.parametrize("path", ["/network", "/network.csv", "/network/trend"])
@pytest.mark.parametrize("who", ["nora", "paul", "ona"])
def test_no_student_is_named_anywhere(counted, as_, path, who):
    text = as_(getattr(counted, who)).get(path).text

    for student in db.session.scalars(select(Student)):
        assert student.family_name not in text
        assert student.public_id not in text
        assert str(student.student_number) not in text


def test_schools_are_links_for_those_who_may_enter_them(counted, as_):
    link = f'/students?school={counted.lincoln.public_id}"'

    assert link in as_(counted.nora).get("/network").text
    assert link not in as_(counted.ona).get("/network").text


def test_what_one_may_enter_is_asked_of_this_network_alone(counted, as_):
    """Nora is the admin of one network and sees the numbers of another."""
    other, school = rows.stored(Network(name="Elsewhere")), rows.school("Other Elementary")
    rows.stored(NetworkSchool(network_id=other.id, school_id=school.id))
    only = NetworkLevel.NETWORK_ONLY.value
    rows.stored(NetworkMembership(staff_id=counted.nora.id, network_id=other.id, level=only))
    browser = as_(counted.nora)

    here, there = (
        browser.get(f"/network?network={each.public_id}").text for each in (counted.network, other)
    )
    assert f'/students?school={counted.lincoln.public_id}"' in here
    assert "Other Elementary" in there
    assert f'/students?school={school.public_id}"' not in there


def test_a_portfolio_shows_its_schools_alone(counted, as_):
    for path in ("/network", "/network.csv"):
        text = as_(counted.paul).get(path).text
        assert "Lincoln Elementary" in text
        assert "Riverside" not in text


def test_a_foreign_network_is_one_that_does_not_exist(counted, as_):
    other = rows.stored(Network(name="Elsewhere"))

    for path in ("/network", "/network.csv", "/network/trend"):
        foreign, never = (
            as_(counted.nora).get(f"{path}?network={each}") for each in (other.public_id, NOBODY)
        )
        assert foreign.status_code == never.status_code == 404


def test_nonsense_in_the_address_shows_everything(counted, as_):
    page = as_(counted.nora).get("/network?band=x&order=;drop&page=-1")

    assert page.status_code == 200
    assert "Lincoln Elementary" in page.text


def test_an_empty_portfolio_says_so(counted, as_):
    with db.writing():
        db.session.delete(db.session.get_one(NetworkSchool, (counted.network.id, counted.lincoln.id)))

    assert "Your portfolio is empty" in as_(counted.paul).get("/network").text


def test_numbers_not_counted_yet_are_announced(cast, as_):
    assert "These schools are being counted" in as_(cast.nora).get("/network").text


def test_the_spreadsheet_holds_what_the_page_shows(counted, as_):
    with db.writing():
        db.session.execute(update(School).where(School.id == counted.lincoln.id).values(name="=Lincoln()"))
    answer = as_(counted.nora).get("/network.csv")

    lines = list(csv.DictReader(answer.text.removeprefix("\ufeff").splitlines()))
    assert [line["School"] for line in lines] == ["'=Lincoln()", "Jefferson High", "Riverside Middle"]
    assert lines[0]["School Admin"] == "1"
    assert answer.headers["Cache-Control"] == "no-store"


def test_small_numbers_are_empty_cells_where_the_network_leaves_them_out(counted, as_):
    with db.writing():
        db.session.execute(update(Network).values(suppresses_small=True))

    lines = list(csv.DictReader(as_(counted.nora).get("/network.csv").text.splitlines()))
    assert {line["2+ guardians"] for line in lines} == {""}
    assert "Too few to show" in as_(counted.nora).get("/network").text


def test_more_schools_follow(counted, as_):
    for number in range(51):
        school = rows.school(f"Public School {number:03}")
        rows.stored(NetworkSchool(network_id=counted.network.id, school_id=school.id))
    browser = as_(counted.nora)

    first = browser.get("/network").text
    part = get(browser, "/network?page=1", htmx=True).text

    assert "Show more" in first
    assert part.count("<tr>") == 4
    assert "<html" not in part


@pytest.mark.parametrize("more", [0, 60])
@pytest.mark.parametrize(
    "path", ["/network", "/network?order=with_one&band=high", "/network.csv", "/network/trend"]
)
def test_a_network_of_any_size_takes_at_most_five_statements(counted, as_, path, more):
    for number in range(more):
        school = rows.school(f"Public School {number:03}")
        rows.stored(NetworkSchool(network_id=counted.network.id, school_id=school.id))
    totals.recount_changed()
    browser = as_(counted.nora)

    with statements_of() as statements:
        browser.get(path)

    assert len(statements) <= 5, "\n".join(statements)


def test_while_sums_are_not_to_be_trusted_it_takes_no_more_and_shows_who_has_joined(counted, as_):
    school = rows.school("Joining School")
    rows.stored(NetworkSchool(network_id=counted.network.id, school_id=school.id))
    browser = as_(counted.nora)

    with statements_of() as statements:
        page = browser.get("/network").text

    assert len(statements) <= 5, "\n".join(statements)
    assert "Joining School" in page
    assert "1 school has changed since it was counted" in page


def test_the_trend_tells_of_the_days_that_were_kept(cast, as_):
    assert "Nothing to compare yet" in as_(cast.nora).get("/network/trend").text

    totals.take_daily_snapshots()

    assert as_(cast.nora).get("/network/trend").text.count('<th scope="row">') == 1
