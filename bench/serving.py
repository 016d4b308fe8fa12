"""P5: 64 guardians who redeem at once, on the server as it is installed."""

import http.client
import re
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from flask import Flask
from sqlalchemy import select

from bench.rig.district import browser_of, office, portal_with
from bench.rig.report import Report
from bench.rig.scale import Scale
from bench.rig.server import served
from portal import db
from portal.models import AccessCode, Guardian, Student

AT_ONCE = 64


class Phone(NamedTuple):
    """A guardian's browser that has said yes to the child and is about to send it."""

    cookie: str
    token: str


def run(report: Report, _scale: Scale) -> None:
    """Starts `portal serve` on a file of its own; clients are threads of this process."""
    with portal_with(2 * AT_ONCE + 2, codes=False) as app:
        phones = _phones(app)
        with served(app) as (port, _process):
            _redeem(port, phones.pop())  # the first one on each connection is not measured
            alone = [_redeem(port, phones.pop()) for _ in range(AT_ONCE)]
            took, waits = _at_once(port, [phones.pop() for _ in range(AT_ONCE)])
            _report_redeeming(report, app, alone, took, waits)


def _report_redeeming(
    report: Report, app: Flask, alone: Sequence[float], took: float, waits: Sequence[float]
) -> None:
    report.at_most("P5 redemptions that failed or were doubled, of 129", _lost(app), 0)
    report.at_least("P5 64 at once, share of one uncontended writer", sum(alone) / took, 0.6)
    report.at_most("P5 longest wait among 64, seconds", max(waits), 1)


def _phones(app: Flask) -> list[Phone]:
    with app.app_context():
        staff = office()
        with db.writing():
            students = db.session.scalars(select(Student).limit(2 * AT_ONCE + 1)).all()
            codes = [AccessCode.enable(student, by=staff).text for student in students]
            guardians = [
                Guardian(given_name="Grace", email=f"grace{n}@example.org") for n, _code in enumerate(codes)
            ]
            db.session.add_all(guardians)
        pairs = list(zip([each.id for each in guardians], codes, strict=True))
    return [_phone(app, *each) for each in pairs]


def _phone(app: Flask, guardian_id: int, code: str) -> Phone:
    with app.app_context():
        browser = browser_of(app, db.session.get_one(Guardian, guardian_id))
    token = _token(browser.get("/join").text)
    browser.post("/join", data={"code": code, "csrf_token": token})
    token = _token(browser.get("/join/student").text)
    name: str = app.config["SESSION_COOKIE_NAME"]
    cookie = browser.get_cookie(name)
    if cookie is None:
        raise RuntimeError("no session was kept")
    return Phone(f"{name}={cookie.value}", token)


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
    if found is None:
        raise RuntimeError("no form on the page")
    return found[1]


def _redeem(port: int, phone: Phone) -> float:
    """Seconds until the server says that it is done."""
    body = f"csrf_token={phone.token}"
    headers = {
        "Cookie": phone.cookie, "Content-Type": "application/x-www-form-urlencoded", "Host": "localhost",
    }  # fmt: skip
    start = perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/join/student", body, headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 303 or not (answer.getheader("Location") or "").endswith("/family"):
        raise RuntimeError(f"a redemption answered {answer.status} {answer.getheader('Location')}")
    return perf_counter() - start


def _at_once(port: int, phones: Sequence[Phone]) -> tuple[float, list[float]]:
    waits: list[float] = []
    ready = threading.Barrier(len(phones) + 1)

    def go(phone: Phone) -> None:
        ready.wait()
        waits.append(_redeem(port, phone))

    threads = [threading.Thread(target=go, args=(phone,)) for phone in phones]
    for thread in threads:
        thread.start()
    ready.wait()
    start = perf_counter()
    for thread in threads:
        thread.join()
    took = perf_counter() - start
    return took, waits + [60.0] * (len(phones) - len(waits))


def _lost(app: Flask) -> int:
    """How many of the 129 are not paired exactly once."""
    file = Path(app.extensions["settings"].home) / "portal.db"
    with sqlite3.connect(file) as connection:
        once = "SELECT count(*) FROM (SELECT 1 FROM pairings GROUP BY student_id HAVING count(*) = 1)"
        rows = connection.execute(f"SELECT count(*), ({once}) FROM pairings").fetchone()
    return abs(2 * AT_ONCE + 1 - int(rows[0])) + abs(2 * AT_ONCE + 1 - int(rows[1]))
