"""Requests are read completely, with limits, before a thread takes them."""

import time
from collections.abc import Iterator

import pytest
from flask import Flask

from portal.app import LARGEST_REQUEST
from portal.server.incoming import BYTES_A_SECOND, LARGEST_OF_STRANGERS, PERIOD, SECONDS_FOR_HEAD
from tests.server.looping import Browser, WebWorker, looping

HELLO = "GET /healthz HTTP/1.1"


@pytest.fixture
def worker(app: Flask) -> Iterator[WebWorker]:
    with looping(app) as worker:
        yield worker


def test_a_connection_serves_several_requests(worker: WebWorker):
    browser = worker.browser()
    for _time in range(3):
        assert browser.ask(HELLO).answer().body == b'{"status":"ok"}\n'


def test_answers_without_a_body_leave_the_connection_open(worker: WebWorker):
    browser = worker.browser()
    head = browser.ask("HEAD /healthz HTTP/1.1").answer(is_to_head=True)
    page = browser.ask("GET /static/portal.css HTTP/1.1").answer()
    unchanged = browser.ask(
        "GET /static/portal.css HTTP/1.1", f"If-None-Match: {page.headers['Etag']}"
    ).answer()

    assert (head.status, head.headers["Content-Length"]) == (200, "16")
    assert (unchanged.status, unchanged.body) == (304, b"")
    assert browser.ask(HELLO).answer().status == 200


def test_connections_that_drip_take_no_thread(worker: WebWorker):
    for _connection in range(64):
        worker.browser().send(b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000\r\n\r\nx")

    assert all(worker.browser().ask("GET /sign-in HTTP/1.1").answer().status == 200 for _page in range(10))


def test_the_most_silent_connections_make_room_for_new_ones(worker: WebWorker):
    worker.server.adj.connection_limit = 20  # with the port, and what wakes the loop
    silent = [worker.browser() for _connection in range(18)]
    silent[0].ask(HELLO).answer()
    late = Browser(worker)
    while not worker.server.in_connection_overflow:
        worker.turn()
    for number, browser in enumerate(silent):
        browser.connection.last_activity -= number
    worker.server.maintenance(silent[0].connection.last_activity)

    assert silent[-1].is_closed()
    assert late.ask(HELLO).answer().status == 200
    assert silent[0].ask(HELLO).answer().status == 200
    late.close()


def test_a_head_that_does_not_come_is_waited_for_only_so_long(worker: WebWorker):
    browser = worker.browser().send(b"GET /healthz HTTP/1.1\r\nHost: loc")
    begun = time.monotonic()
    browser.connection.end_if_slow(begun + SECONDS_FOR_HEAD - 1)
    assert not browser.connection.requests
    browser.connection.end_if_slow(begun + SECONDS_FOR_HEAD + 1)

    assert browser.answer().status == 408
    assert browser.is_closed()


def test_a_body_that_drips_is_refused_in_words(worker: WebWorker):
    browser = worker.browser()
    browser.ask("POST /sign-in HTTP/1.1", "Content-Length: 50000", "Accept-Language: es", body=b"x")
    browser.connection.end_if_slow(time.monotonic() + PERIOD + 1)
    answer = browser.answer()

    assert answer.status == 408
    assert "Tardó demasiado" in answer.body.decode()
    assert answer.headers["Connection"] == "close"
    assert browser.is_closed()


def test_a_slow_body_may_take_as_long_as_it_keeps_its_pace(worker: WebWorker):
    browser = worker.browser()
    browser.ask("POST /sign-in HTTP/1.1", f"Content-Length: {LARGEST_OF_STRANGERS}")
    clock = time.monotonic()
    for _period in range(3):
        browser.send(b"x" * BYTES_A_SECOND * PERIOD)
        clock += PERIOD + 1
        browser.connection.end_if_slow(clock)
        assert browser.connection.request
    browser.connection.end_if_slow(clock + PERIOD + 1)

    assert browser.answer().status == 408


def test_a_large_body_is_refused_by_its_head_and_the_browser_reads_why(worker: WebWorker):
    browser = worker.browser()
    browser.ask("POST /sign-in HTTP/1.1", f"Content-Length: {LARGEST_REQUEST + 1}")
    answer = browser.send(b"x" * LARGEST_REQUEST).answer()

    assert answer.status == 413
    assert "That file is too large" in answer.body.decode()


def test_a_large_body_in_chunks_is_refused_as_soon_as_it_is_too_large(worker: WebWorker):
    browser = worker.browser()
    browser.ask("POST /sign-in HTTP/1.1", "Transfer-Encoding: chunked")
    size = LARGEST_REQUEST + 1

    assert browser.send(f"{size:x}\r\n".encode() + b"x" * size).answer().status == 413


def test_who_asks_whether_to_go_on_is_told(worker: WebWorker):
    browser = worker.browser().ask("POST /nowhere HTTP/1.1", "Expect: 100-continue", "Content-Length: 2")
    assert browser.answer().status == 100
    assert browser.send(b"ok").answer().status in (400, 404)

    too_large = ("Expect: 100-continue", f"Content-Length: {LARGEST_REQUEST + 1}")
    assert worker.browser().ask("POST /nowhere HTTP/1.1", *too_large).answer().status == 413
    assert worker.browser().ask(HELLO, "Expect: 100-continue").answer().status == 200
