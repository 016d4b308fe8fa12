"""A real browser before the real application. What goes wrong in it unseen fails the test too."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from portal import db
from portal.demo import Cast
from portal.models import AccessCode
from portal.worker.uploads import Upload
from tests.browser.live_server import LiveServer
from tests.browser.watch import Watch
from tests.database import FreshDatabase

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
WITHOUT_EXTRAS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

#: Milliseconds until the browser is given up on: far more than any page needs, on a machine that is busy too.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    found = (os.environ.get("CHROMIUM"), *map(shutil.which, BROWSERS))
    return {
        **browser_type_launch_args,
        "executable_path": next(filter(None, found), None),
        "args": list(WITHOUT_EXTRAS),
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "reduced_motion": "reduce"}


@pytest.fixture(scope="session")
def server(_application: tuple[Flask, FreshDatabase]) -> Iterator[LiveServer]:
    server = LiveServer(_application[0])
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def base_url(server: LiveServer) -> str:
    return server.base_url


@pytest.fixture
def watch(app: Flask, cast: Cast, server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """The application at its address with the cast at home, and someone who sees what goes wrong."""
    settings = replace(app.extensions["settings"], base_url=server.base_url)
    monkeypatch.setitem(app.extensions, "settings", settings)
    server.addresses.clear()
    codes = _live_codes()
    watch = Watch(urlsplit(server.base_url).netloc)
    yield watch
    server.come_to_rest()
    assert watch.complaints == []
    assert not {code for code in codes | _live_codes() if server.was_sent(code)}


@pytest.fixture(autouse=True)
def _no_uploads_left(app: Flask) -> Iterator[None]:
    yield
    for upload in Upload.every():
        upload.discard()


@pytest.fixture
def new_context(watch: Watch, new_context: Callable[..., BrowserContext]) -> Callable[..., BrowserContext]:
    return lambda **wishes: watch.over(new_context(**wishes))


@pytest.fixture
def visitor(new_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """Somebody's browser, which shares nothing with the others: `visitor(viewport=PHONE)`."""

    def arrive(**wishes: Any) -> Page:
        page = new_context(**{"locale": "en-US", **wishes}).new_page()
        page.set_default_timeout(PATIENCE)
        return page

    return arrive


def _live_codes() -> set[str]:
    db.session.rollback()
    live = db.session.scalars(select(AccessCode).filter_by(ended_at=None))
    return {code.text for code in live}
