"""A network user's day in the browser: where to work, numbers of many schools, inside one of them, and colleagues."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from portal.demo import Cast
from portal.worker import totals
from tests.browser import acts
from tests.browser.eyes import DESK, PHONE, complaints

pytestmark = pytest.mark.browser

SCRIPTED = pytest.mark.parametrize("scripted", [True, False], ids=["with JavaScript", "without JavaScript"])
BANNER = "You are here as a network user."


@pytest.fixture
def nora(visitor, cast: Cast, scripted: bool) -> Page:
    """A Network Admin, who has just signed in."""
    totals.recount_changed()
    return acts.sign_in(visitor(java_script_enabled=scripted, viewport=DESK), cast, cast.nora)


@SCRIPTED
def test_from_the_picker_to_the_network_into_a_school_and_on_to_another(nora, scripted):
    expect(nora).to_have_url(re.compile("/schools$"))
    nora.get_by_role("link", name="View Network").click()
    expect(nora.locator("#rows tr")).to_have_count(3)
    nora.get_by_role("link", name="Lincoln Elementary").click()

    expect(nora.get_by_text(BANNER)).to_be_visible()
    expect(nora.locator("#rows")).to_contain_text("Mia")
    nora.get_by_role("link", name="Change school").click()
    nora.get_by_role("link", name="Riverside Middle").click()
    expect(nora.get_by_text(BANNER)).to_be_visible()
    expect(nora.locator("#rows")).not_to_contain_text("Mia")


@SCRIPTED
def test_the_table_is_ordered_and_narrowed_and_the_address_says_so(nora, scripted):
    nora.goto("/network")
    nora.get_by_label("Order by").select_option(label="Students")
    if not scripted:
        nora.get_by_role("button", name="Show").click()
    expect(nora).to_have_url(re.compile("order=enrolled"))
    nora.get_by_label("Grades").select_option(label="Grades 6 to 8")
    if not scripted:
        nora.get_by_role("button", name="Show").click()

    expect(nora).to_have_url(re.compile("band=middle"))
    expect(nora.locator("#rows tr").first).to_contain_text("Riverside Middle")
    nora.reload()
    expect(nora.get_by_label("Grades")).to_have_value("middle")


def first_step(nora: Page) -> Locator:
    nora.goto("/network/users")
    nora.get_by_role("link", name="Add User").click()
    form = nora.locator("#new-user")
    form.get_by_label("First name").fill("Ruth")
    form.get_by_label("Last name").fill("Falk")
    form.get_by_label("Email").fill("ruth@example.org")
    form.get_by_label("Network & School Level").check()
    form.get_by_role("button", name="Next").click()
    return form


@SCRIPTED
def test_somebody_is_added_in_two_steps_and_loses_a_school(nora, scripted):
    form, second = first_step(nora), nora.locator("#portfolio")
    second.get_by_role("button", name="Back").click()
    expect(form.get_by_label("Email")).to_have_value("ruth@example.org")
    form.get_by_role("button", name="Next").click()
    for label in ("These schools", "Lincoln Elementary", "Riverside Middle", "I confirm this"):
        second.get_by_label(label).check()
    seen = complaints(nora) if scripted else []
    second.get_by_role("button", name="Create").click()
    row = nora.locator("tbody tr").filter(has_text="Ruth Falk")
    expect(row).to_contain_text("2 schools")

    row.get_by_role("link", name="Edit access of Ruth Falk").click()
    nora.locator("#access").get_by_label("Riverside Middle").uncheck()
    nora.locator("#access").get_by_role("button", name="Save").click()
    expect(nora.locator("tbody tr").filter(has_text="Ruth Falk")).to_contain_text("1 school")
    assert seen == []


@SCRIPTED
def test_a_school_s_admin_sees_that_somebody_of_the_network_came_in(nora, visitor, cast, scripted):
    nora.goto(f"/students?school={cast.lincoln.public_id}")
    expect(nora.get_by_text(BANNER)).to_be_visible()

    hana = acts.sign_in(visitor(java_script_enabled=scripted), cast, cast.hana)
    hana.goto("/settings/visits")
    expect(hana.locator("main")).to_contain_text("Nora Castellanos")


def test_two_tabs_are_in_two_schools_side_by_side(visitor, cast):
    first = acts.sign_in(visitor(), cast, cast.nora)
    first.goto(f"/students?school={cast.lincoln.public_id}")
    second = first.context.new_page()
    second.goto(f"/students?school={cast.jefferson.public_id}")
    first.get_by_role("link", name="Supports").first.click()

    expect(first.locator("header").first).to_contain_text("Lincoln Elementary")
    expect(second.locator("header").first).to_contain_text("Jefferson High")


@pytest.mark.parametrize("path", ["/schools", "/network", "/network/users", "/network/trend"])
def test_a_coach_sees_it_on_a_phone(visitor, cast, path):
    """Paul has a portfolio of one school."""
    totals.recount_changed()
    paul = acts.sign_in(visitor(viewport=PHONE), cast, cast.paul)
    answer = paul.goto(path)

    assert answer is not None
    assert answer.status == (403 if path == "/network/users" else 200)
    assert "Riverside" not in paul.content()
    assert complaints(paul) == []
