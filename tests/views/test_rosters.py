"""Settings > Roster: upload, look, apply."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from portal import clock, db
from portal.config import Settings
from portal.demo import Cast
from portal.models import EventKind
from portal.models.jobs.roster_import import Stage
from portal.worker import jobs, runs
from portal.worker.folders import JobFolder
from tests.browsing import get, post
from tests.roster.bundles import zipped
from tests.uploading import COMPLETE, NEWS, imported, mia, news, nora, page_of, previewed, upload, worker
from tests.views.family_pages import events

__all__ = ["nora", "worker"]  # fixtures


def test_a_roster_is_uploaded_looked_at_and_applied(nora: FlaskClient, worker: jobs.Jobs):
    answer = upload(nora, zipped(NEWS))
    row = imported()
    assert (answer.status_code, answer.location) == (303, page_of(row))
    assert "Reading the file" in nora.get(page_of(row)).text

    worker.run_queued()
    preview = nora.get(page_of(row)).text
    assert "Nothing has changed so far" in preview
    assert "Mia Santos" in preview
    assert mia() is None

    answer = post(nora, page_of(row) + "/apply")
    assert (answer.status_code, answer.location) == (303, page_of(row))
    assert "Applying the roster" in nora.get(page_of(row)).text

    worker.run_queued()
    db.session.rollback()
    assert mia() is not None
    assert "Applied on" in nora.get(page_of(row)).text
    assert "Mia Santos" in nora.get(page_of(row)).text
    assert "Applied" in nora.get("/settings/roster").text


def test_nobody_else_sees_the_upload(nora: FlaskClient, cast: Cast, as_: Callable[..., FlaskClient], worker):
    row = previewed(nora, worker)
    hana = as_(cast.hana)

    with time_machine.travel(clock.now(), tick=False):  # each second has a token of its own
        missing, found = hana.get("/settings/roster/no-such-import"), hana.get(page_of(row))
    assert found.status_code == 404
    assert found.text == missing.text
    assert post(hana, page_of(row) + "/apply").status_code == 404
    assert row.file_name not in hana.get("/settings/roster").text
    assert imported().confirmed_at is None


def test_only_who_may_import_gets_in(client: FlaskClient, cast: Cast, as_: Callable[..., FlaskClient]):
    assert client.get("/settings/roster").location.startswith("/staff/sign-in")
    assert as_(cast.ada).get("/settings/roster").status_code == 403
    assert upload(as_(cast.otto), zipped(NEWS)).status_code == 403
    assert as_(cast.hana).get("/settings/roster").status_code == 200


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "empty.zip", "There is nothing here to read"),
        (b"PK\x03\x04 half a zip", "half.zip", "This zip file is broken"),
        (b"a,b\n1,2\n", "shopping.csv", "This is no roster"),
        (zipped({"hello.txt": "hello"}), "hello.zip", "None of the files of a roster is here"),
    ],
)
def test_what_is_no_roster_is_said(nora: FlaskClient, worker, content: bytes, name: str, sentence: str):
    row = previewed(nora, worker, content, name=name)

    page = nora.get(page_of(row)).text
    assert "This roster was not applied" in page
    assert sentence in page
    assert post(nora, page_of(row) + "/apply").status_code == 409


def test_without_a_file_the_form_says_so(nora: FlaskClient):
    answer = post(nora, "/settings/roster/new")

    assert answer.status_code == 422
    assert "Choose a file first." in answer.text


def test_a_file_of_another_kind_is_refused(nora: FlaskClient):
    answer = upload(nora, b"MZ", "setup.exe")

    assert answer.status_code == 422
    assert "Choose a .zip or .csv file." in answer.text


def test_too_large_a_file_is_refused_in_words(nora: FlaskClient, app: Flask, settings: Settings, monkeypatch):
    small = replace(settings, largest_upload=1024)
    monkeypatch.setitem(app.extensions, "settings", small)

    answer = upload(nora, b"x" * 4096)

    assert answer.status_code == 413
    assert "That file is too large" in answer.text
    assert imported() is None


def test_only_who_may_import_can_send_a_large_request(
    cast: Cast, as_: Callable[..., FlaskClient], client: FlaskClient
):
    large = b"x" * (3 * 1024 * 1024)

    for browser in (client, as_(cast.ada)):
        assert upload(browser, large).status_code == 413
    assert upload(as_(cast.nora), large).status_code == 303


def test_a_full_disk_is_said_and_nothing_is_left(nora: FlaskClient, settings: Settings):
    (settings.home / "uploads").mkdir(exist_ok=True)
    (settings.home / "uploads").rename(settings.home / "uploads-away")
    (settings.home / "uploads").write_text("no folder can be made here")

    answer = upload(nora, zipped(NEWS))

    (settings.home / "uploads").unlink()
    (settings.home / "uploads-away").rename(settings.home / "uploads")
    assert answer.status_code == 422
    assert "could not be stored" in answer.text
    assert imported() is None


def test_progress_is_shown_to_htmx_and_by_reloading(nora: FlaskClient):
    upload(nora, zipped(NEWS))
    row = imported()
    folder = JobFolder(row.job().public_id)
    folder.make()
    folder.note_progress(45, 100)

    page, part = nora.get(page_of(row)).text, get(nora, page_of(row), htmx=True).text

    assert '<noscript><meta http-equiv="refresh"' in page
    assert 'hx-trigger="every 1s"' in page
    assert "45 %" in page
    assert "45 %" in part
    assert "<html" not in part


def test_what_is_finished_is_not_asked_for_again(nora: FlaskClient, worker: jobs.Jobs):
    page = nora.get(page_of(previewed(nora, worker))).text

    assert "every 1s" not in page
    assert "http-equiv" not in page


def test_applying_twice_is_applying_once(nora: FlaskClient, worker: jobs.Jobs):
    row = previewed(nora, worker)

    answers = [post(nora, page_of(row) + "/apply") for _press in range(2)]
    job = row.job()
    runs.run(job.id, worker.works)
    before = imported().applied_at
    runs.run(job.id, worker.works)
    worker.run_queued()

    assert [answer.status_code for answer in answers] == [303, 303]
    db.session.rollback()
    assert (imported().stage, imported().applied_at) == (Stage.APPLIED, before)
    assert events(EventKind.ROSTER_APPLIED) == 1


def test_what_is_wrong_is_shown_by_file_line_and_column(nora: FlaskClient, worker: jobs.Jobs):
    page = nora.get(page_of(previewed(nora, worker, news(**{"ben@riverbend.example": "ben at home"})))).text

    assert "users.csv" in page
    assert "line 5, email" in " ".join(re.sub("<[^>]+>", "", page).split())


def test_many_people_gone_need_a_tick(nora: FlaskClient, cast: Cast, worker: jobs.Jobs):
    row = previewed(nora, worker, zipped(COMPLETE))
    assert "Look closely" in nora.get(page_of(row)).text

    refused = post(nora, page_of(row) + "/apply")
    assert refused.status_code == 422
    assert "Tick the box" in refused.text
    assert imported().confirmed_at is None

    post(nora, page_of(row) + "/apply", overrides_limit="y")
    worker.run_queued()
    db.session.rollback()
    assert imported().stage is Stage.APPLIED
    assert cast.mia.left_at is not None


def test_names_in_a_file_stay_text(nora: FlaskClient, worker: jobs.Jobs):
    page = nora.get(page_of(previewed(nora, worker, news(Mia="<b>Mia</b>"), name="<i>.zip"))).text

    assert "&lt;b&gt;Mia" in page
    assert "<b>Mia" not in page
    assert "<i>.zip" not in page
