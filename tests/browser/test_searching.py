"""Students are found by a part of their homeroom's title where there are more homerooms than anybody picks from."""

import pytest
from playwright.sync_api import Page, expect

from portal.demo import Cast
from portal.models import School
from tests import rows
from tests.browser import acts
from tests.browser.eyes import DESK, PHONE, complaints

pytestmark = pytest.mark.browser


@pytest.fixture
def large_school(cast: Cast) -> School:
    """Lincoln with seventy homerooms more, and a student in each."""
    for number in range(70):
        room = rows.school_class(cast.lincoln, f"{number // 10 + 3}-1{number % 10}")
        rows.student(cast.lincoln, f"Child{number} Zamora", homeroom_id=room.id)
    return cast.lincoln


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("address", ["/students", "/portal-access", "/students/grid"])
def test_the_list_is_narrowed_while_a_part_is_typed(visitor, cast, large_school, address, screen):
    page: Page = acts.sign_in(visitor(viewport=screen), cast, cast.otto)
    page.goto(address)
    page.get_by_role("searchbox", name="Homeroom").press_sequentially("5-1")

    expect(page.get_by_text("10 students").first).to_be_visible()
    expect(page.get_by_role("row", name="Child25 Zamora")).to_be_visible()
    assert "homeroom=5-1" in page.url
    assert complaints(page) == []


def test_without_javascript_it_is_a_field_like_any_other(visitor, cast, large_school):
    page: Page = acts.sign_in(visitor(java_script_enabled=False), cast, cast.otto)
    page.goto("/students")
    page.get_by_role("searchbox", name="Homeroom").fill("5-12")
    page.get_by_role("button", name="Search").click()

    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_role("link", name="Child22 Zamora")).to_be_visible()


def test_a_number_narrows_the_grid_when_it_is_left(visitor, cast, large_school):
    page: Page = acts.sign_in(visitor(viewport=DESK), cast, cast.otto)
    page.goto("/students/grid")
    page.get_by_label("Days absent, at least").fill("3")
    page.get_by_label("Days absent, at least").press("Tab")

    expect(page.get_by_text("Nobody found")).to_be_visible()
