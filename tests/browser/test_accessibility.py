"""Every page is for everybody: axe finds nothing, Tab reaches everything, a small screen holds it."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Page, expect

from portal.text import access_code
from tests.browser import acts
from tests.browser.addresses import address_of, endpoints_looked_at, endpoints_with_a_page
from tests.browser.eyes import complaints
from tests.browser.pages import PAGES

pytestmark = pytest.mark.browser

#: What posts has to have something ticked or typed before a dialog follows: that is for the tests of those pages.
OPENERS = ":is(a, button)[hx-get][hx-target='#dialog']"
#: What names a row in an address.
PUBLIC_ID = re.compile(r"[\w-]{22}")
#: Forms that check what was typed, and do nothing when it is nothing.
CHECKED_FORM = "form[method=post][novalidate]:has(input:not([type=hidden]), textarea)"
EMPTIED = "input:not([type=hidden], [type=radio], [type=checkbox], [type=file], [readonly]), textarea"


@pytest.mark.parametrize("person", PAGES)
def test_pages_are_for_everybody(visitor, cast, person):
    page = visitor()
    if person != "stranger":
        acts.sign_in(page, cast, getattr(cast, person))

    found, opened = [], set()
    for path in PAGES[person]:
        page.goto(address_of(path, cast))
        found += look_over(page, opened)

    assert not found, "\n".join(found)


def test_no_page_is_left_out(app, cast):
    assert endpoints_with_a_page(app) - endpoints_looked_at(app, cast) == set()


def test_the_way_from_a_code_to_an_account_is_for_everybody(visitor, cast):
    page = visitor()
    page.goto("/join")
    acts.enter_code(page, cast.code_of(cast.noah))
    one_child = complaints(page)
    page.get_by_text("Add another child’s code").click()
    page.get_by_label("Student Access Code").fill(cast.code_of(cast.mia))
    page.get_by_role("button", name="Add this code").click()
    expect(page.get_by_role("heading", name="Are these your children?")).to_be_visible()
    two_children = complaints(page)
    page.get_by_role("button", name="Yes, continue").click()
    sign_up = complaints(page) + refused(page, page.locator(f"main {CHECKED_FORM}"))

    assert one_child + two_children + sign_up == []


def test_the_second_step_is_for_everybody(visitor, app, cast, watch, monkeypatch):
    settings = replace(app.extensions["settings"], staff_second_factor="required")
    monkeypatch.setitem(app.extensions, "settings", settings)
    page = visitor()
    page.goto("/staff/sign-in")
    acts.fill_in(page, cast.otto.email, cast.password_of(cast.otto))
    page.wait_for_url("**/staff/second-factor/new**")
    set_up = complaints(page) + refused(page, page.locator(f"main {CHECKED_FORM}"))
    page.get_by_label("six digits").fill(acts.digits_for(page))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()

    assert set_up + complaints(page) == []


def test_refusals_are_for_everybody(visitor, cast):
    page = visitor()
    page.goto("/staff/sign-in")
    for _try in range(6):
        acts.fill_in(page, cast.otto.email, "no password of his")
    expect(page.get_by_role("alert")).to_contain_text("Too many tries")
    too_many = complaints(page)
    page.goto("/sign-in")
    page.locator("main [name=csrf_token]").evaluate("field => field.remove()")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="This page is out of date")).to_be_visible()

    assert too_many + complaints(page) == []


def test_too_many_wrong_codes_are_for_everybody(visitor, cast):
    page = acts.sign_in(visitor(), cast, cast.grace)
    for _try in range(6):
        page.goto("/join")
        acts.enter_code(page, access_code.draw())
    expect(page.get_by_role("link", name="Too many tries")).to_be_visible()

    assert complaints(page) == []


def test_pages_in_spanish_are_for_everybody(visitor):
    page = visitor(locale="es-MX")
    found = []
    for path in ("/", "/join", "/sign-in", "/password/forgotten"):
        page.goto(path)
        expect(page.locator("html")).to_have_attribute("lang", "es")
        found += look_over(page, set())

    assert found == []


def test_axe_would_say_so(visitor):
    page = visitor()
    page.goto("/join")
    page.locator("label").evaluate_all("labels => labels.forEach((label) => label.remove())")
    page.locator("main").evaluate("main => { main.tabIndex = -1; main.style.minInlineSize = '900px'; }")
    page.get_by_role("button", name="Continue").evaluate(
        "button => { button.tabIndex = -1; button.id = 'main'; }"
    )

    found = "\n".join(complaints(page))

    assert "Form elements must have labels" in found
    assert "id 'main' is given twice" in found
    assert "not reached by Tab: <button" in found
    assert "px too wide at 390 px" in found


def look_over(page: Page, opened: set[str]) -> list[str]:
    """The page, its dialogs of a kind that was not opened before, and its form refused."""
    found = complaints(page)
    for opener in page.locator(OPENERS).all():
        kind = PUBLIC_ID.sub("", opener.get_attribute("hx-get") or "")
        found += look_into_dialog(page, opener) if kind not in opened else []
        opened.add(kind)
    form = page.locator(f"main {CHECKED_FORM}")
    return found + (refused(page, form) if form.count() else [])


def look_into_dialog(page: Page, opener: Locator) -> list[str]:
    """Focus goes to its heading, or to the field it is all about; Escape closes it and brings focus back."""
    way_back = open_from(page, opener)
    expect(page.locator("dialog :is(h1, [autofocus]):focus")).to_have_count(1)
    found = complaints(page)
    form = page.locator(f"dialog {CHECKED_FORM}")
    if form.count():
        found += refused(page, form)
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()
    expect(way_back).to_be_focused()
    return found


def open_from(page: Page, opener: Locator) -> Locator:
    """Press it, in its menu if it stands in one; where focus is to come back to."""
    menu = opener.locator("xpath=ancestor::*[@popover]")
    way_back = page.locator(f"[popovertarget='{menu.get_attribute('id')}']") if menu.count() else opener
    if menu.count():
        way_back.click()
    opener.click()
    return way_back


def refused(page: Page, form: Locator) -> list[str]:
    """Sent with nothing in it: focus goes to what is wrong."""
    for field in form.locator(EMPTIED).all():
        field.fill("")
    form.locator("[type=submit]").last.click()
    expect(page.get_by_role("alert")).to_be_focused()
    return complaints(page)
