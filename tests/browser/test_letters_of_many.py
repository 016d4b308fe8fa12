"""A school's letters in the browser: chosen, left to the worker, watched, fetched; with JavaScript and without."""

import pytest
from playwright.sync_api import Page, expect

from portal.demo import Cast
from portal.worker import jobs, letters
from tests.browser import acts
from tests.browser.eyes import complaints

pytestmark = pytest.mark.browser


@pytest.fixture
def worker(app, monkeypatch) -> jobs.Jobs:
    """Does what waits in the queue when told to; more than one letter is many."""
    monkeypatch.setattr(letters, "AT_ONCE", 1)
    worker = jobs.of(app)
    worker.clear()
    return worker


def begin_printing(page: Page, cast: Cast) -> None:
    """From the list to the page of the job."""
    acts.sign_in(page, cast, cast.otto)
    page.goto("/portal-access")
    page.locator("[name=all]").check()
    page.get_by_role("button", name="Download Login Instructions").click()
    expect(page.get_by_role("heading", name="Download Login Instructions")).to_be_visible()
    page.get_by_role("button", name="Download 3 letters").click()
    expect(page.get_by_role("heading", name="Letters for 3 students")).to_be_visible()


def test_a_job_is_watched_without_losing_ones_place_and_fetched(visitor, cast: Cast, worker: jobs.Jobs):
    page = visitor()
    begin_printing(page, cast)
    cancel = page.get_by_role("link", name="Cancel")
    cancel.focus()
    with page.expect_response("**/jobs/*"):  # the next look at how far it is
        pass
    expect(cancel).to_be_focused()
    waiting = complaints(page)

    worker.run_queued()

    expect(page.get_by_text("Download it within 60 minutes")).to_be_visible()
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Download").click()
    assert fetched.value.suggested_filename == "login-instructions-lincoln-elementary.pdf"
    assert waiting + complaints(page) == []


def test_a_job_is_cancelled_in_a_dialog(visitor, cast: Cast, worker: jobs.Jobs):
    page = visitor()
    begin_printing(page, cast)

    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("button", name="Cancel the job").click()

    expect(page.get_by_text("Nothing was kept, and no code has changed.")).to_be_visible()
    expect(page.get_by_role("button", name="Make them after all")).to_be_visible()


def test_without_javascript_the_page_reloads_itself(visitor, cast: Cast, worker: jobs.Jobs):
    page = visitor(java_script_enabled=False)
    begin_printing(page, cast)

    worker.run_queued()

    expect(page.get_by_text("Download it within 60 minutes")).to_be_visible()


def test_after_the_download_the_page_says_so(visitor, cast: Cast):
    page = acts.sign_in(visitor(), cast, cast.otto)
    page.goto("/portal-access?homeroom=2A&all=1")
    page.get_by_role("button", name="Download Login Instructions").click()
    with page.expect_download():
        page.get_by_role("button", name="Download 2 letters").click()

    expect(page.get_by_text("2 letters downloaded")).to_be_visible()
    expect(page.get_by_role("heading", name="Printed (2)")).to_be_visible()
    assert complaints(page) == []
    with page.expect_download():
        page.get_by_role("button", name="Download again").click()


def test_without_javascript_the_way_out_is_back_to_the_list(visitor, cast: Cast):
    page = acts.sign_in(visitor(java_script_enabled=False), cast, cast.otto)
    page.goto("/portal-access?homeroom=2A&all=1")
    page.get_by_role("button", name="Download Login Instructions").click()

    expect(page.get_by_role("link", name="Back to the list")).to_be_visible()
    expect(page.get_by_role("link", name="Not now")).to_have_count(0)
