"""The Data Grid in the browser: finding, sorting, changing many; with JavaScript and without, desk and phone."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from portal import db
from portal.demo import Cast
from portal.models import Student
from tests.browser import acts
from tests.browser.crowd import fill_the_school
from tests.browser.eyes import PHONE, complaints

pytestmark = pytest.mark.browser

WAYS = [{}, {"java_script_enabled": False}, {"viewport": PHONE}]


@pytest.mark.parametrize("way", WAYS, ids=["desk", "without JavaScript", "phone"])
def test_a_field_is_changed_for_those_who_are_ticked(visitor, cast: Cast, way):
    otto = acts.sign_in(visitor(**way), cast, cast.otto)
    otto.goto("/students/grid?homeroom=2A")
    choose_columns(otto, "Diploma type")
    otto.get_by_role("link", name="Batch Actions").click()
    for name in ("Mia Tran", "Noah Adler"):
        otto.get_by_label(name).check()
    otto.get_by_label("Field").select_option(label="Diploma type")
    otto.get_by_role("button", name="Continue").click()
    expect(otto.get_by_role("heading", name="Diploma type of 2 students")).to_be_visible()
    otto.get_by_label("Advanced Regents").check()
    otto.get_by_role("button", name="Confirm").click()

    expect(otto.get_by_text("Diploma type changed for 2 students.")).to_be_visible()
    expect(row(otto, "Mia Tran")).to_contain_text("Advanced Regents")
    assert "homeroom=2A" in otto.url


def test_whoever_confirms_without_a_value_is_told(visitor, cast: Cast):
    otto = acts.sign_in(visitor(), cast, cast.otto)
    otto.goto("/students/grid?select=1")
    otto.get_by_label("Mia Tran").check()
    otto.get_by_label("Field").select_option(label="Planned graduation date")
    otto.get_by_role("button", name="Continue").click()
    dialog = otto.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Planned graduation date of 1 student")).to_be_visible()
    asked = complaints(otto)
    dialog.get_by_role("button", name="Confirm").click()

    expect(dialog.get_by_role("alert")).to_be_focused()
    assert asked + complaints(otto) == []


def test_it_is_narrowed_and_sorted(visitor, cast: Cast):
    hana = acts.sign_in(visitor(), cast, cast.hana)
    hana.goto("/students/grid")
    expect(row(hana, "Mia Tran")).to_have_count(1)

    hana.get_by_label("Homeroom").select_option(label="2B")
    expect(row(hana, "Mia Tran")).to_have_count(0)
    hana.get_by_role("link", name="Number", exact=True).click()
    expect(hana.locator("th[aria-sort=ascending]")).to_have_text("Number")
    expect(hana.get_by_label("Homeroom")).to_have_value("2B")


@pytest.mark.parametrize("scripted", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_more_than_a_page_is_leafed_through(visitor, cast: Cast, scripted):
    fill_the_school(cast)
    fill_the_school(cast, "more")
    hana = acts.sign_in(visitor(java_script_enabled=scripted), cast, cast.hana)
    hana.goto("/students/grid?homeroom=2A")
    expect(hana.locator("#rows tr")).to_have_count(100)
    hana.get_by_role("link", name="Show more").click()

    in_2a = select(func.count()).where(Student.homeroom_id == cast.class_2a.id, Student.left_at.is_(None))
    everybody = db.session.scalar(in_2a)
    expect(hana.locator("#rows tr")).to_have_count(everybody if scripted else everybody - 100)
    expect(row(hana, "Child 59 Zamora").last).to_be_visible()


@pytest.mark.parametrize("way", WAYS, ids=["desk", "without JavaScript", "phone"])
def test_it_is_taken_out_as_a_spreadsheet(visitor, cast: Cast, way):
    vera = acts.sign_in(visitor(**way), cast, cast.vera)
    vera.goto("/students/grid?homeroom=2A")

    with vera.expect_download() as sent:
        vera.get_by_role("button", name="Export CSV").click()

    assert sent.value.suggested_filename.startswith("students-")
    assert "Mia,Tran" in sent.value.path().read_text(encoding="utf-8-sig")


def choose_columns(page: Page, *labels: str) -> None:
    page.get_by_role("link", name="Columns").click()
    boxes = page.get_by_role("checkbox", include_hidden=False)
    expect(page.get_by_role("heading", name="Columns of the Data Grid")).to_be_visible()
    for box in boxes.all():
        box.uncheck()
    for label in labels:
        page.get_by_label(label).check()
    page.get_by_role("button", name="Show these columns").click()
    expect(page.get_by_role("link", name=labels[0])).to_be_visible()


def row(page: Page, name: str):
    return page.locator("#rows tr").filter(has_text=name)
