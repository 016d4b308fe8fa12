"""What htmx does on staff pages: parts change in place, and refusals find their place too."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal import db
from portal.demo import Cast
from portal.models import AccessCode, SignIn, Student
from portal.text.access_code import pretty
from tests.browser import acts
from tests.browser.crowd import fill_the_school
from tests.browser.eyes import complaints

pytestmark = pytest.mark.browser


@pytest.fixture
def otto(visitor, cast: Cast) -> Page:
    """The browser of the school's secretary."""
    page = visitor(permissions=["clipboard-read", "clipboard-write"])
    return acts.sign_in(page, cast, cast.otto)


def test_a_reset_swaps_the_card_without_a_reload(otto, cast):
    old_code = cast.code_of(cast.mia)
    acts.open_tab(otto, cast.mia)
    mark(otto)
    assert acts.read_code(acts.view_instructions(otto)) == pretty(old_code)
    otto.keyboard.press("Escape")

    otto.get_by_role("link", name="Reset Access Code").click()
    otto.get_by_role("dialog").get_by_role("button", name="Reset Access Code").click()

    expect(otto.get_by_role("dialog")).to_be_hidden()
    expect(otto.get_by_role("status")).to_contain_text("A new access code was made.")
    expect(otto.locator("#main")).to_be_focused()
    expect(otto.locator("#history")).to_contain_text("Otto Brandt reset the access code")
    new_code = acts.read_code(acts.view_instructions(otto))
    assert [pretty(code.text) for code in codes_of(cast.mia) if not code.ended_at] == [new_code]
    assert new_code != pretty(old_code)
    assert is_marked(otto)
    assert old_code not in otto.content().replace("-", "")


def test_what_happened_is_said_and_can_be_read_by_everybody(otto, cast):
    acts.open_tab(otto, cast.mia)
    region = otto.locator("#toasts[role=status]")
    expect(region).to_be_empty()
    otto.get_by_role("link", name="Change the limit").click()
    otto.get_by_label("Guardians").fill("8")
    otto.get_by_role("button", name="Save").click()

    expect(region).to_have_text("Up to 8 guardians can be connected now.")
    assert complaints(otto) == []
    region.get_by_role("button", name="Close").click()
    expect(region).to_be_empty()


def test_a_toast_stands_in_the_dialog_while_one_is_open(otto, cast, watch):
    """The page behind it is inert: nothing there is read aloud."""
    acts.open_tab(otto, cast.mia)
    acts.view_instructions(otto)
    otto.route("**/login-instructions/mail", lambda route: route.abort())
    otto.get_by_role("button", name="Send").click()

    expect(otto.get_by_role("dialog").get_by_role("status").filter(has_text="did not work")).to_be_visible()
    otto.keyboard.press("Escape")
    expect(otto.locator("body > #toasts")).to_contain_text("did not work")
    assert "ERR_FAILED" in watch.complaints[0]
    watch.complaints.clear()


def test_a_double_click_makes_one_code(otto, cast):
    acts.open_tab(otto, cast.lucia)
    sent = []
    otto.on("request", lambda request: sent.append(request.method))
    otto.get_by_role("button", name="Enable Parent/Guardian Login").dblclick()
    shown = acts.read_code(otto.locator("#instructions"))

    assert [pretty(code.text) for code in codes_of(cast.lucia)] == [shown]
    assert sent.count("POST") == 1


def test_a_refusal_comes_back_into_the_dialog(otto, cast):
    acts.open_tab(otto, cast.mia)
    otto.get_by_role("link", name="Manage Access of Grace Tran").click()
    dialog = otto.get_by_role("dialog")
    dialog.get_by_role("button", name="Revoke Access").click()

    expect(dialog.get_by_role("alert")).to_be_focused()
    dialog.get_by_role("link", name="Choose a reason.").click()
    expect(dialog.locator("#reason")).to_be_focused()
    expect(otto.locator("main").get_by_role("alert")).to_have_count(0)
    acts.choose(otto, "Moved away")
    dialog.get_by_role("button", name="Revoke Access").click()
    expect(dialog).to_be_hidden()
    expect(otto.locator("#guardians")).not_to_contain_text("grace@example.com")
    expect(otto.locator("#guardians")).to_contain_text("minh@example.com")
    expect(otto.locator("#code").get_by_role("status")).to_contain_text("A new access code was made.")


def test_a_stale_reset_is_refused_in_the_dialog(otto, visitor, cast):
    delia = acts.sign_in(visitor(), cast, cast.delia)
    for page in (otto, delia):
        acts.open_tab(page, cast.mia)
        page.get_by_role("link", name="Reset Access Code").click()
        expect(page.get_by_role("dialog")).to_be_visible()
    delia.get_by_role("dialog").get_by_role("button", name="Reset Access Code").click()
    expect(delia.get_by_role("dialog")).to_be_hidden()

    otto.get_by_role("dialog").get_by_role("button", name="Reset Access Code").click()

    expect(otto.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    assert len(codes_of(cast.mia)) == 2


def test_a_session_that_ended_leads_to_the_sign_in_page(otto, cast):
    acts.open_tab(otto, cast.mia)
    with db.writing():
        SignIn.end_all(cast.otto)
    otto.get_by_role("link", name="View Login Instructions").click()

    expect(otto).to_have_url("/staff/sign-in")
    expect(otto.get_by_role("heading", name="Staff sign-in")).to_be_visible()


def test_what_vanished_is_told_in_the_dialog(otto, visitor, cast):
    """A link of this page leads nowhere any more: the page stays as it is."""
    acts.open_tab(otto, cast.mia)
    delia = acts.open_tab(acts.sign_in(visitor(), cast, cast.delia), cast.mia)
    delia.get_by_role("link", name="Manage Access of Grace Tran").click()
    acts.choose(delia, "Moved away")
    delia.get_by_role("button", name="Revoke Access").click()
    expect(delia.get_by_role("dialog")).to_be_hidden()

    otto.get_by_role("link", name="Manage Access of Grace Tran").click()

    expect(otto.get_by_role("dialog").get_by_role("heading", name="Nothing here")).to_be_visible()
    assert complaints(otto) == []
    otto.get_by_role("dialog").get_by_role("link", name="Close").click()
    expect(otto.locator("#guardians")).to_contain_text("grace@example.com")


def test_the_code_is_copied_and_it_is_said(otto, cast):
    acts.open_tab(otto, cast.mia)
    instructions = acts.view_instructions(otto)
    with otto.expect_response("**/access-code/copy") as recorded:
        instructions.get_by_role("button", name="Copy").click()

    assert recorded.value.status == 204
    expect(instructions.get_by_role("status")).to_have_text("Copied")
    assert otto.evaluate("navigator.clipboard.readText()") == pretty(cast.code_of(cast.mia))


def test_where_copying_is_forbidden_the_code_is_selected(visitor, cast):
    """As in a browser that was not given an https address."""
    page = acts.sign_in(visitor(), cast, cast.otto)
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    instructions = acts.view_instructions(acts.open_tab(page, cast.mia))
    instructions.get_by_role("button", name="Copy").click()

    expect(instructions.get_by_role("status")).to_contain_text("Copy it with your keyboard.")
    selected = page.evaluate("getSelection().toString()")
    assert selected.split() == pretty(cast.code_of(cast.mia)).split("-")


def test_the_instructions_are_mailed_and_the_card_says_so(otto, cast):
    acts.open_tab(otto, cast.mia)
    instructions = acts.view_instructions(otto)
    instructions.get_by_label("Another address").fill("uncle@example.net")
    instructions.get_by_role("button", name="Send").click()

    expect(otto.get_by_role("dialog")).to_be_hidden()
    expect(otto.locator("#toasts")).to_contain_text("on their way to uncle@example.net")
    expect(otto.locator("#code")).to_contain_text("On its way")
    expect(otto.locator("#history")).to_contain_text("Otto Brandt emailed the login instructions")


def test_back_after_signing_out_shows_nothing_private(otto, cast):
    acts.open_tab(otto, cast.mia)
    otto.locator("summary").click()
    otto.get_by_role("button", name="Sign out").click()
    expect(otto.get_by_role("heading", name="Staff sign-in")).to_be_visible()
    otto.go_back()

    expect(otto.get_by_role("heading", name="Staff sign-in")).to_be_visible()
    assert "Mia" not in otto.content()


def test_show_more_appends_to_the_list(otto, cast):
    fill_the_school(cast)
    otto.goto("/students")
    rows = otto.locator("#rows tr")
    expect(rows).to_have_count(50)
    mark(otto)

    otto.get_by_role("link", name="Show more").click()

    expect(rows).to_have_count(65)
    expect(rows.nth(50).get_by_role("link")).to_be_focused()
    assert is_marked(otto)
    names = rows.get_by_role("link").all_inner_texts()
    assert len(set(names)) == 65
    expect(otto.get_by_role("link", name="Show more")).to_have_count(0)


def test_the_list_is_searched_while_typing(otto, cast):
    otto.goto("/students")
    mark(otto)
    otto.get_by_label("Name or student number").press_sequentially("kowal")

    expect(otto.locator("#rows tr")).to_have_count(1)
    expect(otto.get_by_role("link", name="Emil Kowalski")).to_be_visible()
    expect(otto.get_by_label("Name or student number")).to_be_focused()
    expect(otto).to_have_url(re.compile("q=kowal"))
    assert is_marked(otto)


def codes_of(student: Student) -> list[AccessCode]:
    """All there ever were, as the database has them now."""
    db.session.rollback()
    codes = select(AccessCode).where(AccessCode.student_id == student.id)
    return list(db.session.scalars(codes.execution_options(populate_existing=True)))


def mark(page: Page) -> None:
    """Leave something in the page that a reload would lose."""
    page.evaluate("window.marked = true")


def is_marked(page: Page) -> bool:
    return bool(page.evaluate("window.marked === true"))


def test_what_was_typed_in_a_dialog_outlives_a_sign_out_elsewhere(visitor, cast):
    hana = acts.sign_in(visitor(), cast, cast.hana)
    hana.goto("/settings/users")
    hana.get_by_role("link", name="Add User").click()
    form = hana.locator("#new-user")
    form.get_by_label("First name").fill("Ruth")
    form.get_by_label("Email").fill("ruth@example.org")
    hana.context.clear_cookies()
    form.get_by_role("button", name="Create").click()

    expect(hana.locator(".toast")).to_contain_text("Copy what you typed")
    expect(form.get_by_label("First name")).to_have_value("Ruth")
