"""A school at a glance."""

import re

import pytest

from portal import db
from portal.models import AttendanceDay
from portal.models.students.attendance import count_anew
from tests import rows
from tests.browsing import get
from tests.statements import counted

ADDRESS = "/dashboard"
LINK = re.compile(r'<td class="number"><a href="([^"]+)">(\d+)</a>')


def test_the_numbers_stand_beside_the_bars(cast, as_):
    page = as_(cast.vera).get(ADDRESS).text

    assert "Lincoln Elementary" in page
    assert "Grade 2" in page
    assert "<svg" in page
    assert "style=" not in page


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("grade", "Grade 2"),
        ("homeroom", "2B"),
        ("regents", "Unassigned"),
        ("nonsense", "Grade 2"),
        ("password_hash", "Grade 2"),
    ],
)
def test_groups_are_chosen_in_the_address(cast, as_, by, words):
    assert words in as_(cast.hana).get(f"{ADDRESS}?by={by}").text


def test_htmx_gets_the_groups_alone(cast, as_):
    part = get(as_(cast.hana), f"{ADDRESS}?by=homeroom", htmx=True).text

    assert part.strip().startswith('<section id="groups"')
    assert "2A" in part
    assert "<html" not in part


def test_nothing_imported_says_how_to(cast, as_):
    assert "Upload attendance.csv" in as_(cast.hana).get(ADDRESS).text
    assert "An admin can upload attendance.csv" in as_(cast.vera).get(ADDRESS).text


def test_only_absences_give_no_rate(cast, as_):
    with db.writing():
        day = rows.MORNING.date().replace(day=2)
        db.session.add(AttendanceDay(student_id=cast.mia.id, day=day, status="absent"))
        db.session.flush()
        count_anew([cast.mia.id])

    page = as_(cast.hana).get(ADDRESS).text

    assert "For a rate, the days present are needed too" in page
    assert "0.0%" not in page


def test_a_network_user_picks_the_school(cast, as_):
    page = as_(cast.nora).get(f"{ADDRESS}?school={cast.riverside.public_id}").text

    assert "Riverside Middle" in page
    assert "Grade 7" in page


def test_it_is_in_the_header_of_those_who_may(cast, as_):
    assert f'href="{ADDRESS}"' in as_(cast.vera).get("/students").text
    assert f'href="{ADDRESS}"' not in as_(cast.ada).get("/students").text


@pytest.mark.parametrize("by", ["grade", "academic"])
def test_it_asks_six_times_at_most_however_many_students(cast, as_, by):
    browser, found = as_(cast.vera), []
    for _more in range(2):
        with counted() as statements:
            browser.get(f"{ADDRESS}?by={by}")
        found.append(len(statements))
        for number in range(60):
            rows.student(cast.lincoln, f"Child{number} Tran")

    assert found[0] == found[1] <= 6


@pytest.mark.parametrize("by", ["grade", "homeroom", "academic"])
def test_each_number_leads_to_as_many_students(cast, as_, by):
    hana = as_(cast.hana)
    numbers = LINK.findall(hana.get(f"{ADDRESS}?by={by}").text)

    assert len(numbers) >= 5
    for address, number in numbers:
        page = hana.get(address.replace("&amp;", "&")).text
        assert page.count('<tr><th scope="row">') == int(number), address


def test_the_supports_lead_to_the_supports_and_who_is_in_them_to_the_grid(cast, as_):
    page = as_(cast.hana).get(ADDRESS).text

    assert f'<a href="/supports?school={cast.lincoln.public_id}">Supports running</a>' in page
    assert re.search(r'&amp;support=1">\d+ students? takes? part</a>', page)
