"""Each kind of request has threads of its own, and a queue that refuses when it is full."""

import threading
from collections.abc import Iterator

import pytest
from flask import Blueprint, Flask

from portal import db
from portal.config import Settings
from portal.server.addresses import Addresses
from portal.web.guard import public
from portal.web.lanes import Lane
from tests.apps import another
from tests.server.looping import Browser, WebWorker, looping

KINDS = [Lane.PAGES, Lane.ACTS, Lane.PASSWORDS, Lane.DOCUMENTS, Lane.PREVIEWS, Lane.UPLOADS]


class Held:
    """An application with a page in each lane, which does not answer until it is released."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.entered = threading.Semaphore(0)
        self.released = threading.Event()
        bp = Blueprint("held", __name__, url_prefix="/held")
        for lane in KINDS:
            bp.get(f"/{lane.value}", endpoint=lane.value)(public(self._page, lane=lane))
        app.register_blueprint(bp)

    def _page(self) -> str:
        self.entered.release()
        self.released.wait()
        return "released"


@pytest.fixture
def held(app: Flask, settings: Settings) -> Iterator[Held]:
    with another(settings) as application:
        held = Held(application)
        yield held
        held.released.set()


def begin(worker: WebWorker, held: Held, lane: Lane) -> Browser:
    """Ask for the page of a lane, until a thread is at it."""
    browser = ask(worker, lane)
    held.entered.acquire()
    return browser


def ask(worker: WebWorker, lane: Lane, *headers: str) -> Browser:
    return worker.browser().ask(f"GET /held/{lane.value} HTTP/1.1", *headers)


@pytest.mark.parametrize("lane", KINDS, ids=lambda lane: lane.value)
def test_a_full_lane_refuses_at_once_in_the_persons_words(held: Held, lane: Lane):
    with looping(held.app, threads=1) as worker:
        worker.lanes.waiting[lane] = 1
        at_work = [begin(worker, held, lane) for _thread in worker.lanes._threads[lane].threads]
        waiting = [*at_work, ask(worker, lane)]
        refused = ask(worker, lane, "Accept-Language: es").answer()
        held.released.set()
        answered = [browser.answer() for browser in waiting]

    assert (refused.status, refused.headers["Retry-After"]) == (503, "10")
    assert "Hay muchísimas personas" in refused.body.decode()
    assert "Content-Security-Policy" in refused.headers
    assert {answer.body for answer in answered} == {b"released"}


def test_the_health_check_waits_for_no_lane(held: Held):
    with looping(held.app, threads=1) as worker:
        for lane in KINDS:
            begin(worker, held, lane)
            ask(worker, lane)
        assert worker.browser().ask("GET /healthz HTTP/1.1").answer().status == 200


@pytest.mark.parametrize("lane", KINDS, ids=lambda lane: lane.value)
def test_no_lane_waits_for_another(held: Held, lane: Lane):
    with looping(held.app, threads=1) as worker:
        for other in KINDS:
            if other is not lane:
                begin(worker, held, other)
        browser = begin(worker, held, lane)
        held.released.set()
        assert browser.answer().body == b"released"


@pytest.mark.parametrize("threads", [1, 4, 32])
def test_each_thread_can_have_a_connection(app: Flask, settings: Settings, threads: int):
    with another(settings, threads=threads) as application, looping(application, threads) as worker:
        wanted = sum(len(each.threads) for each in worker.lanes._threads.values())
        with application.app_context():
            pools = [engine.pool for engine in db.db.engines.values()]

    assert min(pool.size() + pool._max_overflow for pool in pools) >= wanted


@pytest.mark.parametrize(
    ("method", "path", "lane"),
    [
        ("GET", "/sign-in", Lane.PAGES),
        ("POST", "/sign-in", Lane.PASSWORDS),
        ("POST", "/staff/sign-in", Lane.PASSWORDS),
        ("POST", "/join/account", Lane.PASSWORDS),
        ("POST", "/join/student", Lane.ACTS),
        ("POST", "/portal-access/batches/b", Lane.DOCUMENTS),
        ("GET", "/portal-access/batches/b", Lane.PAGES),
        ("GET", "/students/s/login-instructions.pdf", Lane.DOCUMENTS),
        ("GET", "/settings/letter/en/proof.pdf", Lane.PREVIEWS),
        ("GET", "/settings/roster/new", Lane.PAGES),
        ("POST", "/settings/roster/new", Lane.UPLOADS),
        ("GET", "/healthz", Lane.HEALTH),
        ("HEAD", "/healthz", Lane.HEALTH),
        ("GET", "/static/portal.css", Lane.PAGES),
        ("POST", "/nowhere", Lane.ACTS),
        ("POST", "/students", Lane.ACTS),
    ],
)
def test_the_view_says_its_lane(app: Flask, method: str, path: str, lane: Lane):
    assert Addresses(app).lane_of(method, path) is lane
