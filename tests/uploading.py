"""Uploading rosters as a browser does, and having the worker read and apply them."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from portal import db
from portal.demo import Cast
from portal.models import RosterImport, Student
from portal.worker import jobs
from portal.worker.uploads import Upload
from tests.browsing import post, token
from tests.roster.bundles import MANIFEST, ORGS, bundle, zipped

#: The small district at two schools of the cast.
COMPLETE = {
    name: str(text).replace("lincoln", "school-lincoln").replace("adams", "school-riverside")
    for name, text in bundle(orgs=ORGS.replace("LIN", "LINCOLN").replace("ADA", "riverside")).items()
}
#: The same as news: nobody is gone because the file leaves them out.
NEWS = COMPLETE | {"manifest.csv": MANIFEST.replace("bulk", "delta")}


def news(**changed: str) -> bytes:
    """A zip of it, with some words of users.csv replaced."""
    users = NEWS["users.csv"]
    for old, new in changed.items():
        users = users.replace(old, new)
    return zipped(NEWS | {"users.csv": users})


@pytest.fixture(autouse=True)
def worker(app: Flask) -> Iterator[jobs.Jobs]:
    """The queue, empty at the beginning; what waits in it is done by `worker.run_queued()`."""
    worker = jobs.of(app)
    worker.clear()
    yield worker
    for upload in Upload.every():
        upload.discard()


@pytest.fixture
def nora(cast: Cast, as_: Callable[..., FlaskClient]) -> FlaskClient:
    return as_(cast.nora)


def upload(browser: FlaskClient, content: bytes, name: str = "district.zip") -> TestResponse:
    fields = {"csrf_token": token(browser), "file": FileStorage(io.BytesIO(content), name)}
    boundary, body = encode_multipart(fields)
    sent_as = f'multipart/form-data; boundary="{boundary}"'
    return browser.post("/settings/roster/new", data=body, content_type=sent_as)


def imported() -> RosterImport:
    return db.session.scalars(select(RosterImport).order_by(RosterImport.id.desc())).first()  # type: ignore[return-value]


def page_of(row: RosterImport) -> str:
    return f"/settings/roster/{row.public_id}"


def previewed(
    browser: FlaskClient, worker: jobs.Jobs, content: bytes | None = None, **kwargs: Any
) -> RosterImport:
    upload(browser, zipped(NEWS) if content is None else content, **kwargs)
    worker.run_queued()
    db.session.rollback()
    return imported()


def applied(browser: FlaskClient, worker: jobs.Jobs, content: bytes | None = None) -> RosterImport:
    row = previewed(browser, worker, content)
    post(browser, page_of(row) + "/apply", overrides_limit="y")
    worker.run_queued()
    db.session.rollback()
    return row


def mia() -> Student | None:
    return db.session.scalar(select(Student).where(Student.source_id == "mia"))
