"""The small acts of portal.js, as a family meets them."""

import pytest
from playwright.sync_api import Locator, Page, expect

from portal.text.access_code import pretty
from tests.browser import acts

pytestmark = pytest.mark.browser


@pytest.fixture
def door(visitor) -> Page:
    """The page on which a code is typed."""
    page = visitor()
    page.goto("/join")
    return page


@pytest.fixture
def field(door: Page) -> Locator:
    return door.get_by_label("Student Access Code")


def test_a_code_is_put_into_groups_as_it_is_typed(field):
    field.press_sequentially("k7qd9m2")
    expect(field).to_have_value("K7QD-9M2")
    for _symbol in range(3):
        field.press("Backspace")
    expect(field).to_have_value("K7QD")


def test_a_symbol_in_the_middle_leaves_the_caret_where_it_is(field):
    field.fill("K7QD-9M2X-HT4W")
    field.evaluate("field => field.setSelectionRange(2, 2)")
    field.press_sequentially("Z")
    expect(field).to_have_value("K7ZQ-D9M2-XHT4\nW")
    assert field.evaluate("field => field.selectionStart") == 3


@pytest.mark.parametrize(
    "pasted",
    [
        "  k7qd 9m2x–ht4w ",
        "Ｋ７ＱＤ９Ｍ２ＸＨＴ４Ｗ",
        "https://portal.example.org/join#K7QD9M2XHT4W",
        "Code: K7QD-9M2X-HT4W",
    ],
)
def test_any_pasting_is_understood(field, pasted):
    field.fill(pasted)
    expect(field).to_have_value("K7QD-9M2X-HT4W")


def test_several_codes_stand_on_lines_of_their_own(field):
    field.fill("K7QD-9M2X-HT4W, AAAA BBBB CCCC DDDDEEEEFFFF")
    expect(field).to_have_value("K7QD-9M2X-HT4W\nAAAA-BBBB-CCCC\nDDDD-EEEE-FFFF")
    field.fill("k7qd9m2xht4w")
    field.press("Enter")
    field.press_sequentially("aaaab")
    expect(field).to_have_value("K7QD-9M2X-HT4W\nAAAA-B")


def test_several_codes_pair_at_once(door, field, cast):
    codes = [cast.code_of(student) for student in (cast.noah, cast.jamal)]
    field.fill(" ".join(codes))
    door.get_by_role("button", name="Continue").click()
    expect(door.get_by_text("N. A.")).to_be_visible()
    expect(door.get_by_text("J. W.")).to_be_visible()


def test_a_scanned_letter_leaves_no_code_in_the_history(visitor, cast):
    page = visitor()
    page.goto(f"/join#{cast.code_of(cast.noah)}")
    expect(page.get_by_role("heading", name="Is this your child?")).to_be_visible()
    history = page.context.new_cdp_session(page).send("Page.getNavigationHistory")
    assert [entry["url"] for entry in history["entries"] if "#" in entry["url"]] == []


def test_half_a_code_in_a_link_is_shown_but_not_sent(visitor):
    page = visitor()
    page.goto("/join#K7QD9M2")
    expect(page.get_by_label("Student Access Code")).to_have_value("K7QD-9M2")
    assert page.url.endswith("/join")


def test_another_letter_scanned_on_the_same_page_replaces_the_first(door, field, cast):
    door.evaluate("code => { location.hash = code; }", cast.code_of(cast.noah))
    expect(door.get_by_role("heading", name="Is this your child?")).to_be_visible()


def test_a_letter_scanned_while_signed_in_asks_first(visitor, cast):
    page = acts.sign_in(visitor(), cast, cast.zoe)
    page.goto(f"/join#{cast.code_of(cast.mia)}")
    acts.say_yes(page)
    expect(page.get_by_role("link", name="Mia Tran")).to_be_visible()


def test_a_wrong_code_stays_to_be_corrected(door, field):
    field.fill("K7QD-9M2X-HT4V")
    door.get_by_role("button", name="Continue").click()
    expect(door.get_by_role("alert")).to_be_focused()
    expect(field).to_have_value("K7QD-9M2X-HT4V")
    door.get_by_role("alert").get_by_role("link").click()
    expect(field).to_be_focused()


def test_a_known_email_leads_to_the_sign_in_page_and_keeps_the_code(visitor, cast):
    page = visitor()
    page.goto(f"/join#{cast.code_of(cast.noah)}")
    acts.say_yes(page)
    acts.sign_up(page, cast.grace.email, "Grace", "Tran")
    expect(page.get_by_label("Email")).to_have_value(cast.grace.email)
    page.get_by_role("textbox", name="Password").fill(cast.password_of(cast.grace))
    page.get_by_role("button", name="Sign in").click()
    acts.say_yes(page)
    expect(page.get_by_role("link", name="Noah Adler")).to_be_visible()


def test_a_password_can_be_shown_and_hidden(visitor):
    page = visitor()
    page.goto("/sign-in")
    password = page.locator("#password")
    page.get_by_role("button", name="Show password").click()
    expect(password).to_have_attribute("type", "text")
    expect(page.get_by_role("button", name="Show password")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Show password").click()
    expect(password).to_have_attribute("type", "password")


def test_a_form_is_sent_once(door, field, cast):
    field.fill(pretty(cast.code_of(cast.noah)))
    sent = []
    door.on("request", lambda request: sent.append(request.method))
    door.get_by_role("button", name="Continue").dblclick()
    expect(door.get_by_role("heading", name="Is this your child?")).to_be_visible()
    assert sent.count("POST") == 1


def test_the_menu_closes_with_escape(visitor, cast):
    page = acts.sign_in(visitor(), cast, cast.otto)
    page.locator("summary").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(page.locator("summary")).to_be_focused()


def test_text_twice_as_large_still_fits(visitor, cast):
    page = acts.sign_in(visitor(), cast, cast.rosa)
    for path in ("/family", f"/family/students/{cast.tomas.public_id}", "/join", "/family/account"):
        page.goto(path)
        page.evaluate("document.documentElement.style.fontSize = '212%'")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
