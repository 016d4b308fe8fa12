"""The fields of the search above the list of students, in a small school and in a large one."""

import re

import pytest

from tests import rows
from tests.views.students.test_students import names_on


@pytest.fixture
def large_school(app):
    """A school with more homerooms than anybody picks from a list, each with one student."""
    school = rows.school("Large School")
    for number in range(70):
        room = rows.school_class(school, f"{number // 10 + 1}-1{number % 10} Ruiz_Soto")
        rows.student(school, f"Child{number} Tran", homeroom_id=room.id)
    return school


@pytest.mark.parametrize(
    ("typed", "found"),
    [("1-15 Ruiz_Soto", 1), ("1-15", 1), ("1-1", 10), ("RUIZ_s", 50), ("z_S", 50), ("uiz%", 0), ("8-1", 0)],
)
def test_of_many_homerooms_any_part_of_a_title_is_typed(large_school, as_, typed, found):
    page = as_(rows.staff(large_school)).get("/students", query_string={"homeroom": typed}).text

    assert len(names_on(page)) == found
    field = re.search(r'<input[^>]* name="homeroom" value="(.*?)"[^>]*>', page)
    assert field is not None
    assert field[1] == typed
    assert "1-16" not in page.split("</form>")[0]
    assert len(page) < 20_000


def test_a_title_that_exists_means_that_homeroom_alone(large_school, as_):
    browser = as_(rows.staff(large_school))
    room = rows.school_class(large_school, "1-1")
    assert names_on(browser.get("/students?homeroom=1-1").text) == []
    rows.student(large_school, "Ada Ito", homeroom_id=room.id)
    assert names_on(browser.get("/students?homeroom=1-1").text) == ["Ada Ito"]


def test_the_homeroom_of_the_address_is_the_one_that_is_picked(cast, as_):
    page = as_(cast.otto).get("/students?homeroom=2B&grade=2").text
    assert '<option selected value="2B">2B</option>' in page
    assert '<option selected value="2">Grade 2</option>' in page
    assert page.count("<option selected") == 2
