"""A support from its making to its end, at a desk and on a phone, with and without scripts."""

import pytest
from playwright.sync_api import Page, expect

from portal.demo import Cast
from tests.browser import acts
from tests.browser.eyes import DESK, PHONE, complaints

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    "wishes",
    [{"viewport": DESK}, {"viewport": PHONE}, {"viewport": DESK, "java_script_enabled": False}],
    ids=["desk", "phone", "without_scripts"],
)
def test_a_support_from_its_making_to_its_end(visitor, cast: Cast, wishes):
    otto = acts.sign_in(visitor(**wishes), cast, cast.otto)
    create(otto, lead="Ada Lindqvist")
    add_from_the_list(otto, "Lucía Fernández Ortiz", "Ines Delgado")
    expect(otto.locator("#students tbody tr")).to_have_count(2)

    otto.get_by_role("link", name="End this support").click()
    expect(otto.get_by_text("Ada Lindqvist loses sight of 2 students at once")).to_be_visible()
    otto.get_by_role("button", name="End this support").click()
    expect(otto.get_by_text("It stays as it was.")).to_be_visible()


def test_choosing_a_support_for_many_is_for_everybody(visitor, cast: Cast):
    otto = acts.sign_in(visitor(), cast, cast.otto)
    otto.goto("/students?select=1")
    ticking = complaints(otto)
    otto.get_by_label("Mia Tran").check()
    otto.get_by_role("button", name="Add to a support").click()
    expect(otto.get_by_role("dialog").get_by_role("heading")).to_have_text("Add 1 student to a support")

    assert ticking + complaints(otto) == []


def test_the_grid_adds_to_a_support_too(visitor, cast: Cast):
    otto = acts.sign_in(visitor(), cast, cast.otto)
    otto.goto("/students/grid?select=1")
    otto.get_by_label("Mia Tran").check()
    otto.get_by_role("button", name="Add to a support").click()
    expect(otto.get_by_role("heading", name="Add 1 student to a support")).to_be_visible()
    assert complaints(otto) == []
    otto.get_by_label("Support", exact=True).select_option(label="Reading corner · Priya Raman")
    otto.get_by_role("button", name="Confirm").click()

    expect(otto.get_by_role("heading", name="Reading corner")).to_be_visible()
    expect(otto.locator("#students")).to_contain_text("Mia Tran")


def create(otto: Page, *, lead: str) -> None:
    otto.goto("/supports")
    otto.get_by_role("link", name="Create a support").first.click()
    otto.get_by_label("Name").fill("Tuesday readers")
    otto.get_by_label("Academic").check()
    otto.get_by_label("Lead").select_option(label=f"{lead} · Teacher, 2A")
    otto.get_by_role("button", name="Create").click()
    expect(otto.get_by_role("heading", name="Tuesday readers")).to_be_visible()


def add_from_the_list(otto: Page, *names: str) -> None:
    otto.goto("/students")
    otto.get_by_role("link", name="Batch Actions").click()
    for name in names:
        otto.get_by_label(name).check()
    otto.get_by_role("button", name="Add to a support").click()
    otto.get_by_label("Support", exact=True).select_option(label="Tuesday readers · Ada Lindqvist")
    otto.get_by_role("button", name="Confirm").click()
    expect(otto.get_by_role("heading", name="Tuesday readers")).to_be_visible()


def test_the_grid_exports_those_who_are_ticked_as_a_file(visitor, cast: Cast):
    otto = acts.sign_in(visitor(), cast, cast.otto)
    otto.goto("/students/grid?select=1")
    otto.get_by_label("Mia Tran").check()

    with otto.expect_download() as sent:
        otto.get_by_role("button", name="Export CSV").click()

    told = sent.value.path().read_text(encoding="utf-8-sig")
    assert "Mia,Tran" in told
    assert "Noah" not in told
