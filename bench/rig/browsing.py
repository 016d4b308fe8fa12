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
    """Return the forms by which the office replaces the codes of so many students.

    Each is sent from a browser of its own: in a single one, which opens no page in between, the messages for the next
    page would pile up in the cookie.
    """
    with app.app_context():
        codes = db.session.execute(_codes().order_by(Student.id).limit(count)).all()
        browsers = [browser_of(app, office()) for _each in codes]
    forms = zip(browsers, codes, strict=True)
    return [_resetting(browser, student, code) for browser, (student, code, _row) in forms]


def redemptions(app: Flask, count: int) -> list[Sending]:
    """Return the forms by which so many guardians say that the child is theirs, each for another child."""
    with app.app_context():
        rows = db.session.execute(_codes().order_by(Student.id.desc()).limit(count)).all()
        codes = [code.text for _student, _seen, code in rows]
        browsers = [browser_of(app, guardian) for guardian in _guardians(count)]
    return [_with_code(browser, code) for browser, code in zip(browsers, codes, strict=True)]


def sign_ups(app: Flask, count: int) -> list[Sending]:
    """Return the forms by which so many strangers make an account, each with another child, from other addresses."""
    with app.app_context():
        rows = db.session.execute(_codes().order_by(Student.id.desc()).limit(count)).all()
        codes = [code.text for _student, _seen, code in rows]
    return [_signing_up(app, number, code) for number, code in enumerate(codes)]


def _resetting(browser: FlaskClient, student: str, code: str) -> Sending:
    address = f"/students/{student}/access-code/reset"
    return Sending(browser, address, {"csrf_token": token_on(browser.get(address).text), "seen": code})


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
    """Guardians of the second quarter of the students, none of whose children is among the last third."""
    students = select(Student.id).where(Student.school_id == 1).order_by(Student.id)
    size = len(db.session.scalars(students).all())
    quarter = students.offset(size // 4).limit(size // 2)
    paired = select(Pairing.guardian_id).where(Pairing.student_id.in_(quarter)).order_by(Pairing.id)
    for guardian_id in list(dict.fromkeys(db.session.scalars(paired)))[:count]:
        yield db.session.get_one(Guardian, guardian_id)


def _with_code(browser: FlaskClient, code: str) -> Sending:
    token = token_on(browser.get("/join").text)
    Sending(browser, "/join", {"code": code, "csrf_token": token}).send()
    return Sending(browser, "/join/student", {"csrf_token": token})


def _signing_up(app: Flask, number: int, code: str) -> Sending:
    browser = app.test_client()
    browser.environ_base["REMOTE_ADDR"] = f"198.51.{number // 250}.{number % 250}"
    form = _with_code(browser, code)
    fields = {
        "code": code, "email": f"new{number}@mail.example.com", "given_name": "Grace", "family_name": "Okafor",
        "password": f"correct horse {number} battery",
    }  # fmt: skip
    return Sending(browser, "/join/account", form.fields | fields)


def _check(status: int, expected: int, address: str) -> None:
    if status != expected:
        raise RuntimeError(f"{address} answered {status}")
