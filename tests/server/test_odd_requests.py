"""Requests that no browser sends: each is answered, and ends its connection where what follows is in doubt."""

from collections.abc import Iterator

import pytest
from flask import Flask
from waitress.receiver import ChunkedReceiver

from portal.server.incoming import PIECE
from tests.server.looping import WebWorker, looping


@pytest.fixture
def worker(app: Flask) -> Iterator[WebWorker]:
    with looping(app) as worker:
        yield worker


def test_a_head_may_not_be_long(worker: WebWorker):
    browser = worker.browser().send(b"GET /healthz HTTP/1.1\r\nX: " + b"x" * (1 << 15))

    assert browser.answer().status == 431
    assert browser.is_closed()


def test_only_the_first_of_requests_in_one_go_is_answered(worker: WebWorker):
    browser = worker.browser().send(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" * 1000)
    answer = browser.answer()

    assert (answer.status, answer.headers["Connection"]) == (200, "close")
    assert browser.is_closed()


def test_an_address_that_makes_no_sense_is_answered(worker: WebWorker):
    assert worker.browser().ask("GET http://[ HTTP/1.1").answer().status == 400


@pytest.mark.parametrize(
    "headers",
    [
        (f"Content-Length: {'9' * 5000}",),
        ("Content-Length: 5", "Transfer-Encoding: chunked"),
        ("Content-Length: 5", "Content-Length: 6"),
        ("Content-Length: +5",),
        ("Transfer-Encoding: ",),
        ("Transfer-Encoding : chunked",),
        ("Transfer-Encoding: chunked, identity",),
    ],
    ids=str,
)
def test_a_request_that_proxies_might_read_differently_ends_the_connection(
    worker: WebWorker, headers: tuple[str, ...]
):
    browser = worker.browser()
    answer = browser.ask("POST /sign-in HTTP/1.1", *headers, body=b"0\r\n\r\n").answer()

    assert answer.status in (400, 501)
    assert answer.headers["Connection"] == "close"
    assert browser.is_closed()


def test_a_chunk_with_a_wrong_size_ends_the_connection(worker: WebWorker):
    browser = worker.browser()
    answer = browser.ask(
        "POST /sign-in HTTP/1.1", "Transfer-Encoding: chunked", body=b"zz\r\nab\r\n"
    ).answer()

    assert answer.status == 400
    assert browser.is_closed()


def test_chunks_of_a_single_byte_are_read_in_small_pieces(worker: WebWorker, monkeypatch: pytest.MonkeyPatch):
    sizes = []
    read = ChunkedReceiver.received
    monkeypatch.setattr(
        ChunkedReceiver, "received", lambda chunks, some: sizes.append(len(some)) or read(chunks, some)
    )
    body = b"1\r\na\r\n" * 5000 + b"0\r\n\r\n"
    answer = worker.browser().ask("POST /nowhere HTTP/1.1", "Transfer-Encoding: chunked", body=body).answer()

    assert answer.status in (400, 404)
    assert "Connection" not in answer.headers
    assert (sum(sizes), max(sizes)) == (len(body), PIECE)


def test_an_encoding_in_the_older_http_ends_the_connection(worker: WebWorker):
    browser = worker.browser()

    assert browser.ask("POST /sign-in HTTP/1.0", "Transfer-Encoding: chunked").answer().status == 400
