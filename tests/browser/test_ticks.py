"""Ticks of a list outlive sorting and searching, and the bar at its foot says what it is about to be done for."""

import pytest
from playwright.sync_api import Locator, Page, expect

from portal.demo import Cast
from tests.browser import acts
from tests.browser.crowd import fill_the_school
from tests.browser.eyes import DESK, PHONE, complaints

pytestmark = pytest.mark.browser


def at(visitor, cast: Cast, address: str, **wishes) -> Page:
    page = acts.sign_in(visitor(**wishes), cast, cast.hana if "settings" in address else cast.otto)
    page.goto(address)
    return page


def bar_of(page: Page) -> Locator:
    return page.get_by_role("group", name="For everyone who is ticked")


def test_ticks_outlive_searching_and_sorting(visitor, cast: Cast):
    otto = at(visitor, cast, "/portal-access")
    otto.get_by_label("Mia Tran").check()
    otto.get_by_label("Lucía Fernández Ortiz").check()
    otto.get_by_label("Name or student number").fill("tran")
    expect(bar_of(otto)).to_contain_text("2 ticked, 1 of them not in this list")
    expect(otto.get_by_label("Mia Tran")).to_be_checked()
    otto.get_by_label("Name or student number").fill("nobody of this name")
    expect(otto.get_by_text("Nobody found")).to_be_visible()
    otto.get_by_label("Name or student number").fill("")
    expect(otto.get_by_label("Lucía Fernández Ortiz")).to_be_checked()
    otto.get_by_role("link", name="Homeroom").click()
    expect(otto.locator("th[aria-sort=ascending]")).to_have_text("Homeroom")
    expect(bar_of(otto)).to_contain_text("2 ticked")
    bar_of(otto).get_by_role("button", name="Enable").click()

    expect(otto.get_by_text("2 students were chosen.")).to_be_visible()


@pytest.mark.parametrize("address", ["/students?select=1", "/students/grid?select=1"])
def test_batch_actions_stay_while_one_searches(visitor, cast: Cast, address):
    otto = at(visitor, cast, address)
    otto.get_by_label("Mia Tran").check()
    otto.get_by_label("Homeroom").select_option(label="2B")
    expect(otto.get_by_label("Mia Tran")).to_have_count(0)
    expect(bar_of(otto)).to_contain_text("1 ticked, not in this list")
    otto.get_by_label("Lucía Fernández Ortiz").check()
    bar_of(otto).get_by_role("button", name="Add to a support").click()

    expect(otto.get_by_role("heading", name="Add 2 students to a support")).to_be_visible()


def test_the_grid_searches_in_the_order_it_was_sorted(visitor, cast: Cast):
    otto = at(visitor, cast, "/students/grid")
    otto.get_by_role("link", name="Number", exact=True).click()
    otto.get_by_label("Homeroom").select_option(label="2A")

    expect(otto.get_by_label("Lucía Fernández Ortiz")).to_have_count(0)
    expect(otto.locator("th[aria-sort=ascending]")).to_have_text("Number")


def test_all_that_match_are_ticked_and_hold_for_this_search_only(visitor, cast: Cast):
    fill_the_school(cast)
    fill_the_school(cast, "more")
    otto = at(visitor, cast, "/portal-access?q=zamora")
    otto.get_by_label("All 120 that match").check()
    expect(bar_of(otto)).to_contain_text("120 chosen")
    otto.get_by_role("link", name="Show more").click()
    expect(otto.locator("[name=ids]:checked")).to_have_count(120)
    otto.get_by_role("link", name="Grade").click()
    expect(otto.locator("th[aria-sort=ascending]")).to_have_text("Grade")
    expect(bar_of(otto)).to_contain_text("120 chosen")
    otto.get_by_label("Name or student number").fill("tran")

    expect(otto.get_by_role("status").get_by_text("“all” no longer holds")).to_be_visible()
    expect(otto.locator("[name=ids]:checked")).to_have_count(0)
    expect(bar_of(otto)).to_be_hidden()


LISTS = ["/portal-access", "/students?select=1", "/students/grid?select=1", "/settings/users?select=1"]


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("address", LISTS)
def test_the_bar_comes_with_the_first_tick_and_is_small(visitor, cast: Cast, address, viewport):
    page = at(visitor, cast, address, viewport=viewport)
    expect(bar_of(page)).to_be_hidden()
    page.locator("[name=ids]").first.check()
    expect(bar_of(page)).to_contain_text("1 ticked")
    box = bar_of(page).bounding_box()

    assert box
    assert box["height"] <= (130 if viewport == PHONE else 80)
    assert box["y"] + box["height"] <= viewport["height"] + 1
    assert complaints(page) == []
    bar_of(page).get_by_role("button", name="Untick").click()
    expect(bar_of(page)).to_be_hidden()


@pytest.mark.parametrize("address", LISTS)
def test_without_a_script_the_bar_claims_nothing(visitor, cast: Cast, address):
    page = at(visitor, cast, address, java_script_enabled=False)

    expect(bar_of(page).get_by_role("button").first).to_be_visible()
    expect(bar_of(page).get_by_text("ticked")).to_be_hidden()
