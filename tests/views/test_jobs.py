"""Watching a job: by htmx or by reloading, and its file for one person alone."""

import pytest

from portal import clock, db
from portal.db import Refused
from portal.models import Event, EventKind, Job
from portal.models.jobs.job import KEPT
from tests.browsing import get, post
from tests.views.codes.test_batches import let_the_password_grow_old
from tests.working import seen, started, worker, writes

__all__ = ["worker"]  # a fixture


@pytest.fixture
def job(cast, worker):
    """Three letters for Otto, not begun."""
    worker.works = writes("%PDF three letters")
    return started(cast.otto)


@pytest.fixture
def ready(job, worker):
    worker.run_queued()
    return seen(job)


def at(job, page: str = "") -> str:
    return f"/jobs/{job.public_id}{page}"


def test_a_job_under_way_is_watched_by_htmx_and_by_reloading(cast, as_, job):
    page = as_(cast.otto).get(at(job)).text

    assert '<noscript><meta http-equiv="refresh"' in page
    assert 'hx-trigger="every 1s"' in page
    assert "Waiting for its turn" in page


def test_the_part_that_is_polled_is_a_block_of_the_page(cast, as_, job):
    part = get(as_(cast.otto), at(job), htmx=True).text

    assert "<html" not in part
    assert 'id="status"' in part


def test_a_job_that_is_over_is_not_polled(cast, as_, ready):
    page = as_(cast.otto).get(at(ready)).text

    assert "hx-trigger" not in page
    assert 'http-equiv="refresh"' not in page
    assert "Download it within 60 minutes" in page


def test_the_file_is_fetched_by_its_author_and_that_is_recorded(cast, as_, ready):
    with as_(cast.otto).get(at(ready, "/file")) as response:
        body = response.data

    assert body == b"%PDF three letters"
    assert response.headers["Cache-Control"] == "no-store"
    assert "attachment" in response.headers["Content-Disposition"]
    fetched = db.session.query(Event).filter_by(kind=EventKind.LETTERS_FETCHED.value).one()
    assert (fetched.account_id, fetched.details) == (cast.otto.id, {"job": ready.id})


def test_for_everybody_else_it_has_never_existed(cast, as_, ready):
    assert as_(cast.hana).get(at(ready, "/file")).status_code == 404


def test_after_its_hour_the_file_is_refused_before_it_is_wiped(cast, as_, job, worker, now):
    worker.run_queued()
    now.shift(KEPT)
    otto = as_(cast.otto)

    assert otto.get(at(job, "/file")).status_code == 303
    assert "This file was wiped" in otto.get(at(job)).text


def test_cancelling_says_first_what_will_happen(cast, as_, job):
    otto = as_(cast.otto)
    assert "is thrown away" in otto.get(at(job, "/cancel")).text

    assert post(otto, at(job, "/cancel")).status_code == 303

    assert "Nothing was kept" in otto.get(at(job)).text


def test_what_is_ready_is_not_cancelled(cast, as_, ready):
    otto = as_(cast.otto)

    assert otto.get(at(ready, "/cancel")).status_code == 303
    assert post(otto, at(ready, "/cancel")).location == at(ready)


def test_a_failed_job_says_why_and_can_be_tried_again(cast, as_, job, worker):
    def refuse(_run: object) -> None:
        raise Refused("The disk of the server is full.")

    worker.works = writes(then=refuse)
    worker.run_queued()
    otto = as_(cast.otto)
    assert "The disk of the server is full." in otto.get(at(job)).text

    again = post(otto, at(job, "/retry")).location

    assert again not in {at(job), "/jobs"}
    assert "Waiting for its turn" in otto.get(again).text


@pytest.mark.parametrize("end", ["wiped", "failed", "cancelled"])
def test_trying_again_wants_the_password_as_the_first_time(cast, as_, job, end):
    come_to_an_end(job, end)
    otto = as_(cast.otto)
    assert 'name="password"' not in otto.get(at(job)).text
    let_the_password_grow_old(cast.otto)

    assert 'name="password"' in otto.get(at(job)).text
    for password, sentence in (("", "Enter your password."), ("a guess", "This is not your password.")):
        refused = post(otto, at(job, "/retry"), password=password)
        assert (refused.status_code, sentence in refused.text) == (422, True)
        assert 'name="password"' in refused.text
    assert Job.unfinished() == []

    again = post(otto, at(job, "/retry"), password=cast.password_of(cast.otto)).location
    assert again not in {at(job), "/jobs"}
    assert "Waiting for its turn" in otto.get(again).text


def come_to_an_end(job, end) -> None:
    with db.writing():
        job.cancel_asked_at = clock.now()
        job.ended_at = clock.now()
        job.failure = "The disk of the server is full." if end == "failed" else None
        job.file_name, job.wiped_at = ("letters.pdf", clock.now()) if end == "wiped" else (None, None)


def test_what_is_under_way_is_not_tried_again(cast, as_, job):
    assert post(as_(cast.otto), at(job, "/retry")).location == at(job)


def test_the_list_shows_ones_own_jobs(cast, as_, ready):
    assert at(ready) in as_(cast.otto).get("/jobs").text
    assert "Nothing here yet" in as_(cast.hana).get("/jobs").text
