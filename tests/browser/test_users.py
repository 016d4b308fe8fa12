"""User Management in the browser: one person, many, and a new one; with JavaScript and without."""

import pytest
from playwright.sync_api import Locator, Page, expect

from portal.demo import Cast
from tests.browser import acts
from tests.browser.eyes import DESK, PHONE, complaints

pytestmark = pytest.mark.browser


def row_of(page: Page, name: str) -> Locator:
    return page.locator("#rows tr").filter(has_text=name)


def choose_in_menu(page: Page, name: str, what: str) -> None:
    page.get_by_role("button", name=f"Actions for {name}").click()
    page.locator(":popover-open").get_by_text(what).click()


def hana_at(visitor, cast: Cast, *, scripted: bool = True, viewport=DESK) -> Page:
    page = acts.sign_in(visitor(java_script_enabled=scripted, viewport=viewport), cast, cast.hana)
    page.goto("/settings/users")
    return page


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scripted", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_details_are_edited(visitor, cast, scripted, viewport):
    hana = hana_at(visitor, cast, scripted=scripted, viewport=viewport)
    choose_in_menu(hana, "Otto Brandt", "Edit Details")
    expect(hana.get_by_role("heading", name="Edit Details")).to_be_visible()
    hana.get_by_label("Title").fill("Office Manager")
    hana.get_by_label("Caseload Viewer").check()
    hana.get_by_role("button", name="Save").click()

    expect(row_of(hana, "Otto Brandt")).to_contain_text("Caseload Viewer")
    expect(row_of(hana, "Otto Brandt")).to_contain_text("Office Manager")
    expect(hana.get_by_role("status").first).to_contain_text("The details of Otto Brandt are saved.")
    expect(hana.locator("dialog")).to_be_hidden()


@pytest.mark.parametrize("scripted", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_many_are_changed_at_once(visitor, cast, scripted):
    hana = hana_at(visitor, cast, scripted=scripted)
    expect(hana.get_by_role("checkbox")).to_have_count(0)
    hana.get_by_role("link", name="Batch Actions").click()
    for name in ("Hana Novák", "Otto Brandt", "Vera Okonkwo"):
        hana.get_by_role("checkbox", name=name).check()
    hana.locator("#results").get_by_label("Access Level").select_option(label="Caseload Editor")
    hana.get_by_role("button", name="Continue").click()
    expect(hana.get_by_role("heading", name="Change to Caseload Editor?")).to_be_visible()
    expect(hana.locator("#level-change")).to_contain_text("Nobody changes their own access level")
    hana.get_by_role("button", name="Confirm").click()

    expect(hana.get_by_role("status").first).to_contain_text("2 people are Caseload Editor now.")
    expect(row_of(hana, "Otto Brandt")).to_contain_text("Caseload Editor")
    expect(row_of(hana, "Hana Novák")).to_contain_text("School Admin")


@pytest.mark.parametrize("scripted", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_somebody_is_added_after_trusted_status_is_confirmed(visitor, cast, scripted):
    hana = hana_at(visitor, cast, scripted=scripted)
    hana.get_by_role("link", name="Add User").click()
    form = hana.locator("#new-user")
    form.get_by_label("First name").fill("Ruth")
    form.get_by_label("Last name").fill("Falk")
    form.get_by_label("Email").fill("ruth@example.org")
    form.get_by_label("Access Level").select_option(label="Caseload Viewer")
    form.get_by_role("button", name="Create").click()
    expect(hana.get_by_role("heading", name="Confirm trusted status")).to_be_visible()
    seen = complaints(hana) if scripted else []
    hana.get_by_role("button", name="Confirm and add").click()
    expect(hana.get_by_role("alert")).to_contain_text("Tick the box")
    hana.get_by_label("I confirm this").check()
    hana.get_by_role("button", name="Confirm and add").click()

    expect(row_of(hana, "Ruth Falk")).to_contain_text("Added by hand")
    assert seen == []


def test_the_menu_is_worked_by_keys_and_gets_focus_back(visitor, cast):
    hana = hana_at(visitor, cast)
    opener = hana.get_by_role("button", name="Actions for Vera Okonkwo")
    opener.focus()
    hana.keyboard.press("Enter")
    hana.keyboard.press("Tab")
    expect(hana.locator(":popover-open").get_by_text("Edit Details")).to_be_focused()
    hana.keyboard.press("Escape")

    expect(hana.locator(":popover-open")).to_have_count(0)
    expect(opener).to_be_focused()


def test_an_open_menu_is_for_everybody(visitor, cast):
    hana = hana_at(visitor, cast)
    hana.get_by_role("button", name="Actions for Vera Okonkwo").click()
    expect(hana.locator(":popover-open")).to_be_visible()

    assert complaints(hana) == []


def test_deactivating_says_what_it_means_and_dims_the_row(visitor, cast):
    hana = hana_at(visitor, cast)
    choose_in_menu(hana, "Vera Okonkwo", "Deactivate")
    expect(hana.locator("#deactivation")).to_contain_text("signed out with their next click")
    hana.get_by_role("button", name="Deactivate").click()

    expect(row_of(hana, "Vera Okonkwo")).to_contain_text("No Access")
    expect(hana.get_by_role("button", name="Actions for Vera Okonkwo")).to_be_focused()
    choose_in_menu(hana, "Vera Okonkwo", "Reactivate")
    expect(hana.get_by_role("heading", name="Edit Details")).to_be_visible()
