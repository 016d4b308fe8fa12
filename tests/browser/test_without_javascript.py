"""Every act of the staff as plain pages and forms."""

import pytest
from playwright.sync_api import Page, expect

from portal.demo import Cast
from portal.text.access_code import pretty
from tests.browser import acts
from tests.browser.crowd import fill_the_school

pytestmark = pytest.mark.browser


@pytest.fixture
def otto(visitor, cast: Cast) -> Page:
    return acts.sign_in(visitor(java_script_enabled=False), cast, cast.otto)


def test_the_code_is_reset(otto, cast):
    old_code = pretty(cast.code_of(cast.mia))
    acts.open_tab(otto, cast.mia)
    otto.get_by_role("link", name="Reset Access Code").click()
    expect(otto.get_by_text("Families who are already connected keep access.")).to_be_visible()
    otto.get_by_role("button", name="Reset Access Code").click()

    expect(otto.get_by_role("status").first).to_contain_text("A new access code was made.")
    assert acts.read_code(acts.view_instructions(otto)) not in ("", old_code)


def test_the_instructions_are_mailed_to_a_contact_on_file(otto, cast):
    acts.open_tab(otto, cast.mia)
    instructions = acts.view_instructions(otto)
    instructions.get_by_label("Contact on file").select_option(label="Grace Tran · grace@example.com")
    instructions.get_by_role("button", name="Send").click()

    expect(otto.locator("#code")).to_contain_text("On its way")
    expect(otto.locator("#code")).to_contain_text("grace@example.com")


def test_an_empty_mail_form_is_refused_on_its_own_page(otto, cast):
    acts.open_tab(otto, cast.mia)
    acts.view_instructions(otto).get_by_role("button", name="Send").click()

    expect(otto.get_by_role("alert")).to_contain_text("Choose a contact or type an address.")


def test_the_limit_is_raised(otto, cast):
    acts.open_tab(otto, cast.mia)
    otto.get_by_role("link", name="Change the limit").click()
    otto.get_by_label("Guardians at most").fill("8")
    otto.get_by_role("button", name="Save").click()

    expect(otto.locator("#guardians")).to_contain_text("Up to 8 guardians")


def test_the_list_is_searched_and_leafed_through(otto, cast):
    fill_the_school(cast)
    otto.goto("/students")
    otto.get_by_role("link", name="Show more").click()
    expect(otto.locator("#rows tr")).to_have_count(15)
    otto.get_by_role("link", name="Back to the first ones").click()
    expect(otto.locator("#rows tr")).to_have_count(50)

    otto.get_by_label("Name or student number").fill("10203")
    otto.get_by_role("button", name="Search").click()
    otto.get_by_role("link", name="Emil Kowalski").click()
    expect(otto.get_by_role("heading", name="Emil Kowalski")).to_be_visible()


def test_nothing_is_offered_that_needs_a_script(otto, cast):
    acts.open_tab(otto, cast.mia)
    instructions = acts.view_instructions(otto)

    for name in ("Copy", "Close"):
        expect(instructions.get_by_role("button", name=name)).to_have_count(0)
