"""Batch Actions → Add to a support: from the list of students and from the Data Grid."""

import html
import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.models import Student, SupportStudent
from tests import rows
from tests.browsing import looked_at, post
from tests.statements import counted


@pytest.fixture(autouse=True)
def _morning(now):
    """Days are written down here as they are typed."""


@pytest.fixture
def support(cast):
    """Ada leads it for Mia."""
    return rows.support_led_by(cast.ada, cast.mia)


def address(cast, act: str, listing: str = "students") -> str:
    return f"/schools/{cast.lincoln.public_id}/{listing}/supports/{act}"


def ids(*students: Student) -> list[str]:
    return [student.public_id for student in students]


def in_it(support) -> set[str]:
    db.session.rollback()
    live = select(Student.given_name).join(SupportStudent, SupportStudent.student_id == Student.id)
    own = live.where(SupportStudent.support_id == support.id, SupportStudent.ended_at.is_(None))
    return set(db.session.scalars(own))


def test_ticks_appear_only_for_those_who_may_create_supports(cast, as_):
    assert 'name="ids"' in as_(cast.otto).get("/students?select=1").text
    assert 'name="ids"' not in as_(cast.otto).get("/students").text
    for who in (cast.ada, cast.vera):
        assert "Batch Actions" not in as_(who).get("/students?select=1").text


def test_the_next_page_says_for_how_many_and_offers_what_runs(cast, as_, support):
    page = post(as_(cast.otto), address(cast, "plan"), ids=ids(cast.mia, cast.lucia)).text

    assert "Add 2 students to a support" in page
    assert support.public_id in page
    assert len(re.findall(r'name="ids"', page)) == 2


def test_all_who_were_ticked_are_added_and_counted(cast, as_, support):
    otto = as_(cast.otto)
    fields = {"ids": ids(cast.mia, cast.lucia, cast.ines), "into": support.public_id, "shown": "3"}

    answer = post(otto, address(cast, "batch"), **fields, last_day="2027-01-15")

    assert answer.location == f"/supports/{support.public_id}"
    assert "2 students were added. 1 was in it already." in otto.get(answer.location).text
    assert in_it(support) == {"Mia", "Lucía", "Ines"}


@pytest.mark.parametrize("listing", ["students", "grid"])
def test_everyone_on_the_list_is_everyone_it_describes(cast, as_, support, listing):
    fields, otto = {"all": "1", "homeroom": "2B"}, as_(cast.otto)
    seen = looked_at(post(otto, address(cast, "plan", listing), **fields))

    post(otto, address(cast, "batch", listing), **fields, **seen, into=support.public_id)

    assert in_it(support) == {"Mia", "Lucía", "Ines"}


def test_the_grids_own_filter_by_supports_is_kept_apart(cast, as_, support):
    """Of 2B only Ines is in none."""
    fields = {"all": "1", "homeroom": "2B", "support": "0"}
    otto = as_(cast.otto)
    plan = post(otto, address(cast, "plan", "grid"), **fields)
    assert "Add 1 student to a support" in plan.text

    post(otto, address(cast, "batch", "grid"), **fields, **looked_at(plan), into=support.public_id)

    assert in_it(support) == {"Mia", "Ines"}


def test_the_grid_offers_it_to_those_who_may_create_supports(cast, as_):
    assert "Add to a support" in as_(cast.otto).get("/students/grid?select=1").text
    assert "Add to a support" not in as_(cast.ada).get("/students/grid?select=1").text


@pytest.mark.parametrize("act", ["plan", "batch"])
def test_one_student_out_of_reach_refuses_all(cast, as_, support, act):
    fields = {"ids": ids(cast.lucia, cast.tomas), "into": support.public_id, "shown": "2"}

    assert post(as_(cast.otto), address(cast, act), **fields).status_code == 404
    assert in_it(support) == {"Mia"}


def test_a_list_that_has_changed_is_looked_at_again(cast, as_, support):
    fields = {"all": "1", "homeroom": "2B", "into": support.public_id, "shown": "1"}

    answer = post(as_(cast.otto), address(cast, "batch"), **fields)

    assert answer.status_code == 422
    assert "The list has changed" in answer.text
    assert re.search(r'name="shown"[^>]*value="2"', answer.text)
    assert in_it(support) == {"Mia"}


@pytest.mark.parametrize("listing", ["students", "grid"])
def test_one_for_another_is_a_list_that_changed_too(cast, as_, support, listing):
    fields, otto = {"all": "1", "homeroom": "2B"}, as_(cast.otto)
    seen = looked_at(post(otto, address(cast, "plan", listing), **fields))
    with db.writing():
        cast.noah.homeroom_id, cast.lucia.homeroom_id = cast.lucia.homeroom_id, cast.noah.homeroom_id

    answer = post(otto, address(cast, "batch", listing), **fields, **seen, into=support.public_id)

    assert answer.status_code == 422
    assert "other students are in it now. Nothing was done." in answer.text
    assert in_it(support) == {"Mia"}


def test_former_students_are_left_out_and_counted(cast, as_, support):
    page = post(as_(cast.otto), address(cast, "plan"), ids=ids(cast.lucia, cast.leo)).text

    assert "Add 1 student to a support" in page
    assert "1 student is left out" in page


@pytest.mark.parametrize("act", ["plan", "batch"])
def test_whoever_left_since_they_were_ticked_in_the_grid_refuses_all(cast, as_, support, act):
    with db.writing():
        cast.lucia.left_at = clock.now()
    fields = {"ids": ids(cast.lucia, cast.ines), "into": support.public_id, "shown": "2"}
    otto = as_(cast.otto)

    answer = post(otto, address(cast, act, "grid"), **fields)

    assert "2 students were chosen, now it is 1. Nothing was done." in otto.get(answer.location).text
    assert in_it(support) == {"Mia"}


@pytest.mark.parametrize(
    ("listing", "place", "narrowed"),
    [
        (
            "students",
            "/students",
            {"q": "o", "homeroom": "2B", "class": "Music 2B", "language": "es", "sort": "grade"},
        ),
        (
            "grid",
            "/students/grid",
            {
                "q": "o",
                "support": "1",
                "status": "paired",
                "attendance": "often_absent",
                "sort": "-point_credits",
            },
        ),
    ],
)
def test_back_is_the_list_as_it_was(cast, as_, support, listing, place, narrowed):
    otto, as_it_was = as_(cast.otto), {**narrowed, "school": cast.lincoln.public_id, "select": "1"}

    nobody = post(otto, address(cast, "plan", listing), **narrowed)
    page = post(otto, address(cast, "plan", listing), **narrowed, ids=ids(cast.mia)).text

    links = [html.unescape(link) for link in re.findall(r'href="([^"]+)"[^>]*data-close', page)]
    for address_back in (nobody.location, *links):
        assert urlsplit(address_back).path == place
        assert dict(parse_qsl(urlsplit(address_back).query)) == as_it_was
    assert len(links) == 1


def test_a_support_must_be_chosen_and_a_foreign_one_does_not_exist(cast, as_, support):
    foreign = rows.support_led_by(cast.petra, cast.tomas)
    fields = {"ids": ids(cast.lucia), "shown": "1"}

    nothing = post(as_(cast.otto), address(cast, "batch"), **fields, into="")
    forged = post(as_(cast.otto), address(cast, "batch"), **fields, into=foreign.public_id)

    assert (nothing.status_code, forged.status_code) == (422, 404)
    assert "Choose a support." in nothing.text
    assert in_it(foreign) == {"Tomás"}


@pytest.mark.parametrize("size", [1, 2000])
def test_many_are_one_commit_and_as_many_statements_as_one(cast, as_, support, size):
    with db.writing():
        db.session.add_all(
            Student(school_id=cast.lincoln.id, given_name="Kim", family_name=f"Zamora {number:04}", grade=3)
            for number in range(size)
        )
    otto, fields = as_(cast.otto), {"all": "1", "q": "zamora"}
    seen = looked_at(post(otto, address(cast, "plan"), **fields))
    confirm, into = address(cast, "batch"), support.public_id

    with counted() as statements:
        answer = post(otto, confirm, **fields, **seen, into=into)

    assert answer.status_code == 303
    assert statements.commits == 1
    assert len(statements) <= 12, "\n".join(statements)
