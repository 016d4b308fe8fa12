"""Browsers that come by the network to an installation: threads of this process."""

import http.client
import threading
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter
from typing import NamedTuple, TypeVar
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient

_T = TypeVar("_T")

#: Seconds after which a browser gives up.
PATIENCE = 60.0

FORM = "application/x-www-form-urlencoded"


class Phone(NamedTuple):
    """A browser with its cookie, and the token of the form that it is about to send."""

    cookie: str = ""
    token: str = ""

    @classmethod
    def of(cls, app: Flask, browser: FlaskClient, token: str = "") -> "Phone":
        """Return a phone that goes on where a test client stands."""
        name: str = app.config["SESSION_COOKIE_NAME"]
        cookie = browser.get_cookie(name)
        if cookie is None:
            raise RuntimeError("no session was kept")
        return cls(f"{name}={cookie.value}", token)


class Reply(NamedTuple):
    """What a browser got, and the seconds it waited. The status is 0 when there was no answer."""

    status: int
    seconds: float
    location: str = ""
    body: bytes = b""
    headers: Mapping[str, str] = {}


def get(port: int, phone: Phone, address: str, *, patience: float = PATIENCE, **headers: str) -> Reply:
    """Ask for a page, on a connection of its own, and read it all."""
    return _ask(port, phone, ("GET", address, None), patience, headers)


def post(
    port: int, phone: Phone, address: str, *, patience: float = PATIENCE, came_from: str = "", **fields: str
) -> Reply:
    """Send a form with its token, and read the answer. `came_from` is the address that a proxy would name."""
    body = urlencode({"csrf_token": phone.token, **fields})
    headers = {"Content-Type": FORM} | ({"X-Forwarded-For": came_from} if came_from else {})
    return _ask(port, phone, ("POST", address, body), patience, headers)


def crowd(works: Sequence[Callable[[], _T]]) -> list[_T]:
    """Do all of these at once, each in a thread of its own, and return what came of each, in any order."""
    done: list[_T] = []
    ready = threading.Barrier(len(works))

    def go(work: Callable[[], _T]) -> None:
        ready.wait()
        done.append(work())

    threads = [threading.Thread(target=go, args=(work,), daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


def _ask(
    port: int, phone: Phone, asked: tuple[str, str, str | None], patience: float, headers: Mapping[str, str]
) -> Reply:
    method, address, body = asked
    sent = {"Host": "localhost", "Cookie": phone.cookie, **_with_hyphens(headers)}
    start = perf_counter()
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
        connection.request(method, address, body, sent)
        answer = connection.getresponse()
        page = answer.read()
        connection.close()
    except (OSError, http.client.HTTPException):
        return Reply(0, perf_counter() - start)
    told = {name.lower(): value for name, value in answer.getheaders()}
    return Reply(answer.status, perf_counter() - start, told.get("location", ""), page, told)


def _with_hyphens(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
