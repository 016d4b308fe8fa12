"""Pages asked for and forms sent by a test client, each checked to be answered as it should."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from bench.rig.district import browser_of, office
from portal import db
from portal.models import AccessCode, Guardian, Pairing, Student

Call = Callable[[], None]


def opening(browser: FlaskClient, address: str) -> Call:
    """Return what opens that page."""
    return lambda: _check(browser.get(address).status_code, 200, address)


class Sending(NamedTuple):
    """A form that is about to be sent."""

    browser: FlaskClient
    address: str
    fields: dict[str, str]

    def send(self) -> None:
        """Send it, and expect to be led on."""
        _check(self.browser.post(self.address, data=self.fields).status_code, 303, self.address)


def sending(forms: Iterable[Sending]) -> Call:
    """Return what sends the next of these forms at each call."""
    left = iter(forms)
    return lambda: next(left).send()


def resets(app: Flask, count: int) -> list[Sending]:
    """Return the forms by which the office replaces the codes of so many students."""
    with app.app_context():
        browser = browser_of(app, office())
        codes = db.session.execute(_codes().order_by(Student.id).limit(count)).all()
    address = "/students/{}/access-code/reset"
    token = token_on(browser.get(address.format(codes[0][0])).text)
    return [
        Sending(browser, address.format(student), {"csrf_token": token, "seen": code})
        for student, code, _row in codes
    ]


def redemptions(app: Flask, count: int) -> list[Sending]:
    """Return the forms by which so many guardians say that the child is theirs, each for another child."""
    with app.app_context():
        rows = db.session.execute(_codes().order_by(Student.id.desc()).limit(count)).all()
        codes = [code.text for _student, _seen, code in rows]
        browsers = [browser_of(app, guardian) for guardian in _guardians(count)]
    return [_with_code(browser, code) for browser, code in zip(browsers, codes, strict=True)]


def token_on(page: str) -> str:
    """Return the token of the form on a page."""
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
    if found is None:
        raise RuntimeError("no form on the page")
    return found[1]


def _codes() -> object:
    codes = select(Student.public_id, AccessCode.public_id, AccessCode).join(AccessCode.student)
    return codes.where(AccessCode.is_open(), Student.school_id == 1)


def _guardians(count: int) -> Iterator[Guardian]:
    """Guardians from the middle of the school, whose children are not among its last students."""
    middle = select(Student.id).where(Student.school_id == 1).order_by(Student.id)
    size = len(db.session.scalars(middle).all())
    of_middle = select(Pairing.guardian_id).where(Pairing.student_id.in_(middle.offset(size // 2 - 1)))
    yield from db.session.scalars(
        select(Guardian).where(Guardian.id.in_(of_middle)).order_by(Guardian.id).limit(count)
    )


def _with_code(browser: FlaskClient, code: str) -> Sending:
    token = token_on(browser.get("/join").text)
    Sending(browser, "/join", {"code": code, "csrf_token": token}).send()
    return Sending(browser, "/join/student", {"csrf_token": token})


def _check(status: int, expected: int, address: str) -> None:
    if status != expected:
        raise RuntimeError(f"{address} answered {status}")
