"""Large bodies: from few who are signed in, and stored as they were sent."""

import secrets
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from portal.app import LARGEST_REQUEST
from portal.demo import Cast
from portal.server.incoming import LARGEST_OF_STRANGERS, UPLOADS_AT_ONCE
from portal.worker.uploads import Upload
from tests.browsing import token
from tests.server.looping import WebWorker, looping


@pytest.fixture
def worker(app: Flask) -> Iterator[WebWorker]:
    with looping(app) as worker:
        yield worker


def test_a_stranger_may_send_no_more_than_a_short_form(worker: WebWorker, cast: Cast, as_: Callable):
    first_line, length = "POST /sign-in HTTP/1.1", f"Content-Length: {LARGEST_OF_STRANGERS + 1}"

    assert worker.browser().ask(first_line, length).answer().status == 413
    assert worker.browser().ask(first_line, length, f"Cookie: {_cookie_of(as_(cast.ada))}").connection.request


def test_only_staff_may_begin_a_large_upload(worker: WebWorker, cast: Cast, as_: Callable):
    sent = worker.browser().ask(*_upload("portal=forged"))
    assert sent.answer().status == 413

    sent = worker.browser().ask(*_upload(_cookie_of(as_(cast.ada))))
    assert sent.connection.has_large_upload


def test_no_guardian_keeps_staff_from_a_large_upload(worker: WebWorker, cast: Cast, as_: Callable):
    sent = worker.browser().ask(*_upload(_cookie_of(as_(cast.grace))))

    assert sent.answer().status == 413
    assert not worker.server.large_uploads()


def test_a_large_upload_is_stored_as_it_was_sent(worker: WebWorker, cast: Cast, as_: Callable):
    nora = as_(cast.nora)
    content = secrets.token_bytes(LARGEST_REQUEST + 1)
    fields = {"csrf_token": token(nora), "file": FileStorage(BytesIO(content), "district.zip")}
    boundary, body = encode_multipart(fields)
    answer = worker.browser().ask(
        "POST /settings/roster/new HTTP/1.1", f"Cookie: {_cookie_of(nora)}", f"Content-Length: {len(body)}",
        f"Content-Type: multipart/form-data; boundary={boundary}", body=body,
    ).answer()  # fmt: skip
    kept = Upload(answer.headers["Location"].rpartition("/")[2])

    assert answer.status == 303
    assert kept.file.read_bytes() == content
    kept.discard()


def test_few_large_uploads_are_read_at_once(worker: WebWorker, cast: Cast, as_: Callable):
    cookie = _cookie_of(as_(cast.ada))
    begun = [worker.browser().ask(*_upload(cookie)) for _number in range(UPLOADS_AT_ONCE)]
    answer = worker.browser().ask(*_upload(cookie)).answer()
    assert (answer.status, answer.headers["Retry-After"]) == (503, "10")

    begun[0].close()
    while begun[0].connection in worker.server.active_channels.values():
        worker.turn()
    assert worker.browser().ask(*_upload(cookie)).connection.request


def _cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("portal")
    assert cookie
    return f"portal={cookie.value}"


def _upload(cookie: str) -> tuple[str, ...]:
    return (
        "POST /settings/roster/new HTTP/1.1",
        f"Cookie: {cookie}",
        f"Content-Length: {LARGEST_REQUEST + 1}",
    )
