"""Codes for many students at once, as the office does it: at a desk, on a tablet and without JavaScript."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from portal import clock, db
from portal.demo import Cast
from portal.models import SignIn
from portal.models.accounts.sign_in import PASSWORD_LASTS
from tests.browser import acts
from tests.browser.crowd import fill_the_school
from tests.browser.eyes import DESK, PHONE, complaints

pytestmark = pytest.mark.browser

TABLET = ViewportSize(width=820, height=1180)


@pytest.fixture(params=[DESK, TABLET, PHONE], ids=["desk", "tablet", "phone"])
def otto(request, visitor, cast: Cast) -> Page:
    """The office on each kind of screen."""
    page = acts.sign_in(visitor(viewport=request.param), cast, cast.otto)
    page.goto("/portal-access")
    return page


@pytest.fixture
def plain_otto(visitor, cast: Cast) -> Page:
    """The office where no script runs."""
    page = acts.sign_in(visitor(java_script_enabled=False), cast, cast.otto)
    page.goto("/portal-access")
    return page


def press(page: Page, act: str) -> None:
    bar = page.get_by_role("group", name="For everyone who is ticked")
    if not bar.get_by_role("button", name=act).is_visible():
        bar.get_by_role("button", name="More").click()
    bar.get_by_role("button", name=act).click()


def test_two_are_ticked_and_enabled(otto: Page):
    otto.get_by_label("Lucía Fernández Ortiz").check()
    otto.get_by_label("Mia Tran").check()
    expect(otto.get_by_text("2 ticked")).to_be_visible()
    press(otto, "Enable")
    expect(otto.get_by_text("1 student gets an access code.")).to_be_visible()
    otto.get_by_role("button", name="Enable 1 student").click()

    expect(otto.get_by_text("1 student was enabled")).to_be_visible()
    otto.reload()
    expect(otto.get_by_role("heading", name="Had a code already (1)")).to_be_visible()


def test_the_board_leads_to_the_list_with_everybody_ticked(otto: Page):
    otto.get_by_text("By grade, homeroom and home language").click()
    otto.get_by_role("row", name="2B").get_by_role("link", name="Enable 1").click()
    expect(otto.get_by_label("The 1 that matches")).to_be_checked()
    press(otto, "Enable")

    expect(otto.get_by_role("heading", name="To be enabled (1)")).to_be_visible()


def test_a_page_is_ticked_by_keyboard(visitor, cast: Cast):
    page = acts.sign_in(visitor(), cast, cast.otto)
    page.goto("/portal-access")
    page.get_by_label("Tick this page").focus()
    page.keyboard.press("Space")
    expect(page.locator("[name=ids]:checked")).to_have_count(5)
    page.keyboard.press("Space")
    expect(page.locator("[name=ids]:checked")).to_have_count(0)


def test_the_school_is_searched_leafed_through_and_chosen_as_a_whole(visitor, cast: Cast):
    fill_the_school(cast)
    fill_the_school(cast, "more")
    page = acts.sign_in(visitor(), cast, cast.otto)
    page.goto("/portal-access")
    page.get_by_role("link", name="Show more").click()
    expect(page.locator("#rows tr")).to_have_count(125)
    page.get_by_label("Name or student number").fill("zamora")
    page.get_by_label("All 120 that match").check()
    press(page, "Enable")
    page.get_by_role("button", name="Enable 120 students").click()

    expect(page.get_by_text("120 students were enabled")).to_be_visible()


def test_codes_are_exported_after_the_password(visitor, cast: Cast, tmp_path: Path):
    page = acts.sign_in(visitor(), cast, cast.otto)
    with db.writing():
        for sign_in in db.session.query(SignIn).filter_by(account_id=cast.otto.id):
            sign_in.password_given_at = clock.now() - PASSWORD_LASTS
    page.goto("/portal-access?homeroom=2A")
    page.get_by_label("All 3 that match").check()
    press(page, "Export CSV")
    found = complaints(page)
    page.get_by_role("textbox", name="Your password").fill(cast.password_of(cast.otto))
    with page.expect_download() as download:
        page.get_by_role("button", name="Download 2 codes").click()
    download.value.save_as(tmp_path / "codes.csv")
    lines = list(csv.reader(io.StringIO((tmp_path / "codes.csv").read_text(encoding="utf-8-sig"))))

    assert found == []
    assert [line[4] for line in lines] == ["Student", "Noah Adler", "Mia Tran"]


def test_without_a_script_a_page_is_ticked_and_reset(plain_otto: Page, cast: Cast):
    old_code = cast.code_of(cast.mia)
    plain_otto.get_by_label("Homeroom").select_option("2A")
    plain_otto.get_by_role("button", name="Search").click()
    plain_otto.get_by_role("link", name="Tick this page").click()
    expect(plain_otto.locator("[name=ids]:checked")).to_have_count(3)
    press(plain_otto, "Reset codes")
    expect(plain_otto.get_by_text("The codes on letters already sent stop working now.")).to_be_visible()
    plain_otto.get_by_role("button", name="Reset 2 codes").click()

    expect(plain_otto.get_by_text("2 codes were reset")).to_be_visible()
    db.session.rollback()
    assert cast.code_of(cast.mia) != old_code


def test_without_a_script_nobody_ticked_is_said_and_the_board_is_a_page(plain_otto: Page):
    press(plain_otto, "Enable")
    expect(plain_otto.get_by_text("Nobody is chosen.")).to_be_visible()
    plain_otto.get_by_role("link", name="How far families are reached").click()

    expect(plain_otto.get_by_role("heading", name="How far families are reached")).to_be_visible()
    expect(plain_otto.get_by_role("link", name="Vietnamese")).to_be_visible()
