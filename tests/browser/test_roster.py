"""Settings > Roster in the browser: the page follows the worker by itself, with JavaScript and without."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.demo import Cast
from portal.worker import jobs
from tests.browser import acts, rosters
from tests.browser.eyes import complaints
from tests.roster.bundles import zipped

pytestmark = pytest.mark.browser

NEWS = {"name": "district.zip", "mimeType": "application/zip", "buffer": zipped(rosters.NEWS)}


@pytest.fixture
def worker(app: Flask) -> jobs.Jobs:
    """Does what waits in the queue when told to: `worker.run_queued()`."""
    worker = jobs.of(app)
    worker.clear()
    return worker


@pytest.mark.parametrize("scripted", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_roster_is_uploaded_looked_at_and_applied(visitor, cast: Cast, worker, scripted):
    nora = acts.sign_in(visitor(java_script_enabled=scripted), cast, cast.nora)
    upload(nora)
    expect(nora.get_by_text("Reading the file…")).to_be_visible()
    worker.run_queued()
    expect(nora.get_by_text("Nothing has changed so far.")).to_be_visible()
    expect(nora.get_by_text("users.csv, line 7")).to_be_visible()

    nora.get_by_role("link", name="Apply this roster").click()
    nora.get_by_role("button", name="Apply this roster").click()
    expect(nora.get_by_text("Applying the roster…")).to_be_visible()
    worker.run_queued()
    expect(nora.get_by_text("This is what was changed.")).to_be_visible()

    nora.goto("/students")
    nora.get_by_label("School").select_option(label="Lincoln Elementary")
    nora.get_by_label("Name or student number").fill("Santos")
    nora.get_by_role("button", name="Search").click()
    expect(nora.get_by_role("link", name="Mia Santos")).to_be_visible()


def test_waiting_for_the_worker_is_for_everybody(visitor, cast, worker):
    nora = acts.sign_in(visitor(), cast, cast.nora)
    upload(nora)
    expect(nora.get_by_text("Reading the file…")).to_be_visible()

    assert complaints(nora) == []


def test_a_file_that_is_no_roster_is_refused_at_once(visitor, cast):
    nora = acts.sign_in(visitor(), cast, cast.nora)
    nora.goto("/settings/roster/new")
    nora.get_by_label("Roster file").set_input_files(
        {"name": "holiday.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff"}
    )
    nora.get_by_role("button", name="Upload").click()

    expect(nora.get_by_role("alert")).to_contain_text("Choose a .zip or .csv file.")
    expect(nora.get_by_role("alert")).to_be_focused()


def upload(nora: Page) -> None:
    nora.goto("/settings/roster/new")
    nora.get_by_label("Roster file").set_input_files(NEWS)
    nora.get_by_role("button", name="Upload").click()
