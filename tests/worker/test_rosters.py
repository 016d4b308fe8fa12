"""Rosters in the hands of the worker: all of a file or nothing, whatever happens on the way."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal import clock, db
from portal.config import Settings
from portal.demo import Cast
from portal.models import EventKind, JobKind, Student
from portal.models.jobs.job import MOST_AT_ONCE
from portal.models.jobs.roster_import import KEPT, Stage
from portal.models.jobs.stage import JobStage
from portal.worker import jobs, runs
from portal.worker.folders import JobFolder
from portal.worker.runs import Work
from portal.worker.uploads import Upload
from tests.browsing import post
from tests.db.racing import PROCESSES
from tests.roster.bundles import zipped
from tests.uploading import NEWS, applied, imported, mia, nora, page_of, previewed, upload, worker
from tests.views.family_pages import events
from tests.working import apply_and_wait, folder_of, seen

__all__ = ["nora", "worker"]  # fixtures


def test_a_school_admin_changes_only_their_own_school(cast: Cast, as_: Callable[..., FlaskClient], worker):
    row = applied(as_(cast.hana), worker)

    assert row.stage is Stage.APPLIED
    assert mia().school_id == cast.lincoln.id
    assert db.session.scalar(select(Student).where(Student.source_id == "noah")) is None


def test_the_file_is_private_and_goes_when_it_was_applied(nora: FlaskClient, worker: jobs.Jobs):
    row = previewed(nora, worker)
    path = Upload(row.public_id).file
    assert path.stat().st_mode & 0o077 == 0
    assert all(folder.stat().st_mode & 0o077 == 0 for folder in path.parents[:3])

    post(nora, page_of(row) + "/apply")
    job = row.job()
    worker.run_queued()

    assert not Upload(row.public_id).path.exists()
    assert not folder_of(job).exists()


def test_a_roster_that_is_refused_while_applying_changes_nothing(nora: FlaskClient, worker, monkeypatch):
    row = previewed(nora, worker)
    post(nora, page_of(row) + "/apply")
    path = Upload(row.public_id).file
    path.write_bytes(path.read_bytes()[:900])  # half of it is lost on the disk

    worker.run_queued()
    db.session.rollback()

    assert mia() is None
    assert imported().stage is Stage.FAILED
    assert "This roster was not applied" in nora.get(page_of(row)).text


def test_work_lost_with_a_worker_is_taken_up_again(nora: FlaskClient, worker: jobs.Jobs):
    row = previewed(nora, worker)
    post(nora, page_of(row) + "/apply")
    worker.clear()

    worker.sweep()
    worker.run_queued()
    db.session.rollback()

    assert imported().stage is Stage.APPLIED


def test_while_one_worker_reads_another_stays_away(nora: FlaskClient):
    upload(nora, zipped(NEWS))
    job = imported().job()

    with JobFolder(job.public_id).locked():
        runs.run(job.id, jobs.WORKS)

    db.session.rollback()
    assert imported().stage is Stage.READING


def test_kill_9_while_a_roster_is_applied_changes_nothing_and_the_next_worker_applies_it(
    nora: FlaskClient, worker: jobs.Jobs, settings: Settings
):
    row = previewed(nora, worker)
    post(nora, page_of(row) + "/apply")
    job = row.job()
    line, far_end = PROCESSES.Pipe()
    dying = PROCESSES.Process(target=apply_and_wait, args=(settings, job.id, far_end))
    dying.start()
    far_end.close()
    assert line.recv() == "changed"
    worker.run_queued()  # another worker stays away while the first one is at it
    assert (seen(job).tries, imported().stage) == (1, Stage.APPLYING)
    dying.kill()
    dying.join()
    db.session.rollback()
    assert (mia(), imported().stage) == (None, Stage.APPLYING)

    worker.sweep()
    worker.run_queued()

    assert (seen(job).stage, job.tries) == (JobStage.DONE, 2)
    assert (mia() is not None, imported().stage) == (True, Stage.APPLIED)
    assert events(EventKind.ROSTER_APPLIED) == 1


def test_of_many_rosters_under_way_none_is_shown_as_a_job(cast: Cast, as_: Callable[..., FlaskClient]):
    hana = as_(cast.hana)
    for _time in range(MOST_AT_ONCE + 1):
        assert upload(hana, zipped(NEWS)).status_code == 303
    row = imported()

    assert hana.get(f"/jobs/{row.job().public_id}").status_code == 404
    assert row.job().public_id not in hana.get("/jobs").text


def die(_run: runs.Run) -> runs.Result:
    raise KeyboardInterrupt


def test_a_roster_at_which_workers_die_is_given_up(nora: FlaskClient, worker: jobs.Jobs):
    upload(nora, zipped(NEWS))
    for _death in range(runs.MOST_TRIES):
        with pytest.raises(KeyboardInterrupt):
            runs.run(imported().job().id, {JobKind.ROSTER_PREVIEW: Work(die)})

    worker.run_queued()
    db.session.rollback()

    assert "The worker stopped" in (imported().failure or "")


def test_a_roster_nobody_applies_is_removed_after_a_day(nora: FlaskClient, worker: jobs.Jobs, monkeypatch):
    row = previewed(nora, worker)
    worker.sweep()
    assert Upload(row.public_id).path.exists()

    later = clock.now() + KEPT + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    worker.sweep()

    assert not Upload(row.public_id).path.exists()
    assert "within a day" in (imported().failure or "")


def test_a_roster_that_is_applied_at_the_last_moment_is_applied(nora: FlaskClient, worker: jobs.Jobs):
    row = previewed(nora, worker)
    post(nora, page_of(row) + "/apply")
    with db.writing():
        assert not imported().forget("Nobody applied this roster.")
    worker.run_queued()
    db.session.expire_all()

    assert imported().stage is Stage.APPLIED


def test_a_roster_that_is_forgotten_is_not_applied(nora: FlaskClient, worker: jobs.Jobs):
    row = previewed(nora, worker)
    with db.writing():
        assert imported().forget("Nobody applied this roster.")

    assert post(nora, page_of(row) + "/apply").status_code == 409
    worker.run_queued()
    assert mia() is None


def test_who_lost_the_right_meanwhile_imports_nothing(nora: FlaskClient, cast: Cast, worker: jobs.Jobs):
    row = previewed(nora, worker)
    post(nora, page_of(row) + "/apply")
    with db.writing():
        cast.nora.closed_at = clock.now()

    worker.run_queued()
    db.session.rollback()

    assert mia() is None
    assert "may not import" in (imported().failure or "")


def test_a_file_name_leads_nowhere(nora: FlaskClient, settings: Settings):
    upload(nora, zipped(NEWS), "../../../evil.zip")

    path = Upload(imported().public_id).file
    assert Path(settings.home / "uploads") in path.parents
    assert path.name == "evil.zip"
