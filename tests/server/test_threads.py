"""The threads of one web worker: whoever is answered at the same time as others is answered as if alone."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from portal import db
from portal.demo import Cast
from portal.models import Guardian, Staff
from tests.browsing import token

#: What differs from one answer to the next, for anybody.
TOKEN = re.compile(r"[\w.-]{60,}")


def test_each_reads_the_pages_that_are_theirs(
    app: Flask, cast: Cast, as_: Callable[..., FlaskClient], now, rounds: int
):
    guardians = [(as_(guardian), "/family") for guardian in cast.everybody(Guardian)]
    staff = [
        (as_(person), path)
        for person in cast.everybody(Staff)[:8]
        for path in ("/students", "/students/grid", "/caseload")
    ]
    strangers = [(_stranger(app, language), "/sign-in") for language in ("en", "es")]
    visits = guardians + staff + strangers
    alone = [_seen(*visit) for visit in visits]
    assert len(set(alone)) > len(guardians)

    for _round in range(rounds // 4 + 1):
        assert _at_once([lambda visit=visit: _seen(*visit) for visit in visits]) == alone


def test_each_keeps_what_they_chose(cast: Cast, as_: Callable[..., FlaskClient], rounds: int):
    browsers = [as_(guardian) for guardian in cast.everybody(Guardian)]
    tokens = [token(browser) for browser in browsers]
    for turn in range(rounds // 4 + 1):
        wishes = [("en", "es")[(turn + n) % 2] for n in range(len(browsers))]
        _at_once(
            [
                lambda browser=browser, fields={"csrf_token": each, "language": wish}: browser.post(
                    "/language", data=fields
                )
                for browser, each, wish in zip(browsers, tokens, wishes, strict=True)
            ]
        )
        db.session.rollback()  # what this test has read was before
        db.session.expire_all()
        assert [guardian.language for guardian in cast.everybody(Guardian)] == wishes


def _at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """Let a thread do each, all beginning at the same moment."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        start.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def _seen(browser: FlaskClient, path: str) -> tuple[int, str]:
    answer = browser.get(path)
    return answer.status_code, TOKEN.sub("", answer.text)


def _stranger(app: Flask, language: str) -> FlaskClient:
    browser = app.test_client()
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    return browser
