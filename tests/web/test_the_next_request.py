"""What changes is seen on the very next request, by everybody, in whichever process it was changed."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal import clock, db
from portal.config import Settings
from portal.demo import Cast
from portal.models import Account, Membership
from portal.policy.permissions import AccessLevel
from tests import elsewhere
from tests.apps import another
from tests.browsing import post
from tests.conftest import client_of

#: Pages of Otto, in the office of a school, and of Rosa, a guardian, that are looked at all day.
OFFICE, FAMILY = ("/students", "/portal-access", "/supports"), ("/family", "/family/account")


@pytest.fixture(params=["the same process", "another process"])
def neighbour(request: pytest.FixtureRequest, app: Flask, settings: Settings) -> Iterator[Flask]:
    """Where something is changed: an application of its own on the same database stands for another process."""
    if request.param == "the same process":
        yield app
    else:
        with another(settings) as further:
            yield further


@pytest.fixture
def reading(app: Flask) -> Callable[[Account, tuple[str, ...]], FlaskClient]:
    """The browser of somebody who has just read these pages, twice: whatever is kept of them is kept now."""

    def browser_of(account: Account, pages: tuple[str, ...]) -> FlaskClient:
        browser = client_of(app, account)
        for page in pages * 2:
            assert browser.get(page).status_code == 200
        return browser

    return browser_of


def test_a_lower_level(cast: Cast, neighbour: Flask, reading):
    ottos = reading(cast.otto, OFFICE)
    with neighbour.app_context(), db.writing():
        for membership in db.session.scalars(select(Membership).filter_by(staff_id=cast.otto.id)):
            membership.level = AccessLevel.SCHOOL_WIDE_VIEWER.value

    assert ottos.get("/portal-access").status_code == 403
    assert 'href="/portal-access' not in ottos.get("/students").text


def test_a_second_school(cast: Cast, neighbour: Flask, reading):
    ottos, level = reading(cast.otto, OFFICE), AccessLevel.CASELOAD_VIEWER.value
    assert "Change school" not in ottos.get("/students").text
    with neighbour.app_context(), db.writing():
        db.session.add(Membership(staff_id=cast.otto.id, school_id=cast.riverside.id, level=level))

    assert "Change school" in ottos.get("/students").text
    assert "Riverside" in ottos.get("/students").text


def test_the_name_of_a_school(cast: Cast, reading):
    ottos = reading(cast.otto, OFFICE)
    elsewhere.write("UPDATE schools SET name = 'Fern Hill' WHERE id = :id", id=cast.lincoln.id)

    for page in OFFICE:
        assert "Fern Hill" in ottos.get(page).text
        assert "Lincoln" not in header_of(ottos.get(page).text)


def test_the_name_and_email_of_a_person(cast: Cast, reading):
    browsers = {reading(cast.otto, OFFICE): OFFICE, reading(cast.rosa, FAMILY): FAMILY}
    elsewhere.write("UPDATE accounts SET given_name = 'Zoë', email = 'zoe' || id || '@example.org'")

    for browser, pages in browsers.items():
        for page in pages:
            assert "Zoë" in header_of(browser.get(page).text)
            assert "@example.org" in header_of(browser.get(page).text)


def test_the_language_of_a_family(cast: Cast, neighbour: Flask, reading):
    rosas = reading(cast.rosa, FAMILY)
    for language, words in {"en": "Sign out", "es": "Cerrar sesión"}.items():
        with neighbour.app_context():
            assert post(client_of(neighbour, cast.rosa), "/language", language=language).status_code == 303

        for page in FAMILY:
            assert f'<html lang="{language}"' in rosas.get(page).text
            assert words in header_of(rosas.get(page).text)


def test_a_closed_account(cast: Cast, reading):
    ottos, rosas = reading(cast.otto, OFFICE), reading(cast.rosa, FAMILY)
    with db.writing():
        cast.otto.closed_at = cast.rosa.closed_at = clock.now()

    assert {ottos.get(page).status_code for page in OFFICE} == {303}
    assert {rosas.get(page).status_code for page in FAMILY} == {303}


def header_of(page: str) -> str:
    return page.partition("<header")[2].partition("</header>")[0]
