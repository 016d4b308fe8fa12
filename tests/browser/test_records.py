"""What staff keep about a student: planned, noted and restricted, with and without script."""

import pytest
from playwright.sync_api import Page, expect

from portal.demo import Cast
from tests.browser import acts
from tests.browser.eyes import complaints

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def otto(visitor, cast: Cast, request) -> Page:
    return acts.sign_in(visitor(viewport=request.param), cast, cast.otto)


@pytest.fixture
def plainly(visitor, cast: Cast) -> Page:
    """Otto in a browser that runs no script."""
    return acts.sign_in(visitor(java_script_enabled=False), cast, cast.otto)


def test_planning_is_edited_where_it_stands(otto, cast):
    otto.goto(f"/students/{cast.mia.public_id}")
    otto.get_by_role("link", name="Edit planning").click()
    otto.get_by_label("Diploma type").select_option("Local")
    otto.get_by_label("Planned graduation date").fill("2037-06-30")
    otto.get_by_role("group", name="Safety Net").get_by_label("Yes").check()
    editing = complaints(otto)
    otto.get_by_role("button", name="Save").click()

    card = otto.locator("#planning")
    expect(card.get_by_role("link", name="Edit planning")).to_be_visible()
    expect(card.get_by_role("definition").first).to_have_text("Local")
    expect(card).to_contain_text("Jun 30, 2037")
    expect(card.locator(".change")).to_have_count(3)
    assert otto.url.endswith(cast.mia.public_id)
    assert editing + complaints(otto) == []


def test_what_somebody_changed_meanwhile_is_shown_beside_ones_own(otto, visitor, cast):
    otto.goto(f"/students/{cast.mia.public_id}")
    otto.get_by_role("link", name="Edit planning").click()
    expect(otto.get_by_role("button", name="Save")).to_be_visible()
    hana = acts.sign_in(visitor(java_script_enabled=False), cast, cast.hana)
    plan(hana, cast, "Regents")
    otto.get_by_label("Diploma type").select_option("Local")
    otto.get_by_role("button", name="Save").click()

    expect(otto.get_by_role("alert")).to_be_focused()
    expect(otto.get_by_role("alert")).to_contain_text("now it is Regents, you chose Local")
    assert complaints(otto) == []
    otto.get_by_role("button", name="Save").click()
    expect(otto.locator("#planning").get_by_role("definition").first).to_have_text("Local")


def test_a_note_is_added_and_corrected(otto, cast):
    otto.goto(f"/students/{cast.lucia.public_id}/notes")
    otto.get_by_label("Add a note").fill("Lost a tooth.\nFound it again.")
    otto.get_by_role("button", name="Add Note").click()
    note = otto.locator(".note")
    expect(note).to_contain_text("Found it again.")
    expect(otto.get_by_label("Add a note")).to_have_value("")

    note.get_by_role("link", name="Correct").click()
    otto.locator("dialog").get_by_label("Note").fill("Lost two teeth.")
    otto.locator("dialog").get_by_role("button", name="Save").click()
    expect(otto.locator("dialog")).to_be_hidden()
    expect(note).to_contain_text("Lost two teeth.")
    note.get_by_text("Corrected, 2 versions").click()
    expect(note.get_by_text("Found it again.")).to_be_visible()
    assert complaints(otto) == []


def test_a_guardian_is_restricted_and_let_back(otto, visitor, cast):
    grace = acts.sign_in(visitor(), cast, cast.grace)
    child = f"/family/students/{cast.mia.public_id}"
    acts.open_tab(otto, cast.mia)
    otto.get_by_role("link", name="Restrict access…").click()
    otto.get_by_label("Grace Tran").check()
    otto.get_by_label("Why?").fill("So it is decided.")
    otto.get_by_role("button", name="Restrict Access").click()
    expect(otto.get_by_role("heading", name="Restricted access")).to_be_visible()
    expect(otto.locator("#guardians")).to_contain_text("So it is decided.")
    assert complaints(otto) == []
    assert (grace.goto(child) or grace).status == 404

    otto.get_by_role("link", name="End restriction…").click()
    otto.get_by_label("Why does it end?").fill("Set aside.")
    otto.get_by_role("button", name="End Restriction").click()
    expect(otto.get_by_role("heading", name="Restricted access")).to_have_count(0)
    assert (grace.goto(child) or grace).status == 200


def test_without_script_planning_is_edited_on_its_own_page(plainly, cast):
    plan(plainly, cast, "Advanced Regents")

    expect(plainly.get_by_role("status").first).to_contain_text("Saved.")
    expect(plainly.locator("#planning")).to_contain_text("Advanced Regents")


def test_without_script_a_note_is_added_and_corrected(plainly, cast):
    plainly.goto(f"/students/{cast.lucia.public_id}/notes")
    plainly.get_by_label("Add a note").fill("Lost a tooth.")
    plainly.get_by_role("button", name="Add Note").click()
    plainly.locator(".note").get_by_role("link", name="Correct").click()
    plainly.get_by_label("Note", exact=True).fill("Lost two teeth.")
    plainly.get_by_role("button", name="Save").click()

    expect(plainly.locator(".note")).to_contain_text("Lost two teeth.")


def test_without_script_a_guardian_is_restricted_and_let_back(plainly, cast):
    acts.open_tab(plainly, cast.noah)
    plainly.get_by_role("link", name="Restrict access…").click()
    plainly.get_by_label("Their email").fill("rolf@example.com")
    plainly.get_by_label("Why?").fill("So it is decided.")
    plainly.get_by_role("button", name="Restrict Access").click()
    expect(plainly.locator("#guardians")).to_contain_text("rolf@example.com")
    plainly.get_by_role("link", name="End restriction…").click()
    plainly.get_by_label("Why does it end?").fill("Set aside.")
    plainly.get_by_role("button", name="End Restriction").click()

    expect(plainly.locator("#guardians")).not_to_contain_text("rolf@example.com")


def plan(page: Page, cast: Cast, diploma: str) -> None:
    page.goto(f"/students/{cast.mia.public_id}")
    page.get_by_role("link", name="Edit planning").click()
    page.get_by_label("Diploma type").select_option(diploma)
    page.get_by_role("button", name="Save").click()
