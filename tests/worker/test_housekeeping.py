import os
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from portal import clock, db
from portal.models import SignIn, Staff, ThrottleCount
from portal.models.accounts import throttle
from portal.worker import housekeeping
from portal.worker.folders import JobFolder
from portal.worker.jobs import WORKS
from portal.worker.uploads import Upload

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def rows(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


@pytest.mark.parametrize(("later", "left"), [(timedelta(minutes=1), 1), (timedelta(hours=25), 0)])
def test_only_what_is_over_is_deleted(app, later, left):
    otto = Staff(given_name="Otto", email="otto@example.org")
    with time_machine.travel(NOON, tick=False), db.writing():
        db.session.add(otto)
        db.session.flush()
        SignIn.start(otto, browser=None, address=None)
        throttle.count(throttle.sign_ups("192.0.2.1")[0])

    with time_machine.travel(NOON + later, tick=False):
        housekeeping.delete_rows()

    assert (rows(SignIn), rows(ThrottleCount)) == (left, left)


@pytest.mark.parametrize(
    ("kind", "age", "is_left"),
    [
        (JobFolder, timedelta(minutes=59), True),
        (JobFolder, timedelta(minutes=61), False),
        (Upload, timedelta(hours=23), True),
        (Upload, timedelta(hours=25), False),
    ],
)
def test_a_folder_that_belongs_to_no_row_is_deleted_when_it_is_old(app, kind, age, is_left):
    folder = kind("nobody-knows")
    folder.make()
    then = (clock.now() - age).timestamp()
    os.utime(folder.path, (then, then))

    housekeeping.wipe_files(WORKS)

    assert folder.path.exists() is is_left
    folder.discard()
