"""The one door: who is asking, may they, and on which row."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal import clock, db
from portal.config import Settings
from portal.models import SignIn, Staff, Student
from portal.policy.permissions import AccessLevel, Permission
from tests import elsewhere, rows
from tests.apps import another, meanwhile
from tests.browsing import post, some_words, token
from tests.conftest import client_of

HTMX = {"HX-Request": "true"}


@pytest.fixture
def portal(app: Flask, settings: Settings) -> Iterator[Flask]:
    """The portal with a few views that go wrong on purpose."""
    with another(settings) as further:
        yield further


@pytest.fixture
def ottos(portal: Flask, otto: Staff) -> FlaskClient:
    """Otto's browser."""
    return client_of(portal, otto)


def test_a_view_that_declares_nothing_answers_nobody(portal: Flask, ottos: FlaskClient):
    for anybody in (portal.test_client(), ottos):
        answer = anybody.get("/edges/undeclared")

        assert answer.status_code == 500
        assert "open to everybody" not in answer.text


def test_every_view_of_the_portal_declares_who_may_enter(app: Flask):
    assert [name for name, view in app.view_functions.items() if not hasattr(view, "guard")] == []


def test_a_stranger_is_asked_to_sign_in_everywhere(app: Flask, client: FlaskClient):
    for answer in open_all_guarded(app, client):
        assert answer.status_code == 303
        assert urlsplit(answer.location).path in ("/sign-in", "/staff/sign-in")


def test_a_part_is_never_replaced_by_a_sign_in_page(app: Flask, client: FlaskClient):
    for answer in open_all_guarded(app, client, headers=HTMX):
        assert (answer.status_code, answer.text) == (401, "")
        assert urlsplit(answer.headers["HX-Redirect"]).path in ("/sign-in", "/staff/sign-in")


def test_after_signing_in_one_comes_back_to_the_page(portal: Flask, mia: Student):
    page = f"/edges/students/{mia.public_id}?tab=a%26b"

    answer = portal.test_client().get(page)

    assert urlsplit(answer.location).path == "/staff/sign-in"
    assert parse_qs(urlsplit(answer.location).query)["next"] == [page]


def test_after_signing_in_no_form_is_sent_again(portal: Flask, mia: Student):
    address = f"/edges/students/{mia.public_id}"

    for answer in (post(portal.test_client(), address), portal.test_client().get(address, headers=HTMX)):
        page = answer.headers.get("Location") or answer.headers["HX-Redirect"]
        assert "next" not in parse_qs(urlsplit(page).query)


def test_who_lacks_the_permission_is_told_so(portal: Flask, mia: Student):
    viewer = rows.staff(mia.school, AccessLevel.SCHOOL_WIDE_VIEWER)

    assert post(client_of(portal, viewer), f"/edges/students/{mia.public_id}").status_code == 403
    assert client_of(portal, viewer).get(f"/edges/students/{mia.public_id}").status_code == 200


def test_a_guardian_does_not_enter_where_staff_work(portal: Flask, mia: Student):
    assert client_of(portal, rows.guardian()).get(f"/edges/students/{mia.public_id}").status_code == 403


def test_a_row_out_of_reach_looks_exactly_like_one_that_never_was(portal: Flask, ottos: FlaskClient):
    foreign = rows.student(rows.school("Roosevelt"), "Sam Stone").public_id
    never = "A" * len(foreign)

    with time_machine.travel(clock.now(), tick=False):
        token(ottos)  # the first page of a browser sets its cookie
        for headers in ({}, HTMX):
            answers = [ottos.get(f"/edges/students/{each}", headers=headers) for each in (foreign, never)]
            seen = [_all_of(answer).replace(foreign, never) for answer in answers]

            assert [answer.status_code for answer in answers] == [404, 404]
            assert seen[0] == seen[1]


def test_a_form_on_a_row_out_of_reach_changes_nothing(portal: Flask, ottos: FlaskClient):
    sam = rows.student(rows.school("Roosevelt"), "Sam Stone")

    assert post(ottos, f"/edges/students/{sam.public_id}").status_code == 404
    assert sam.guardian_limit == 6


def test_a_strange_id_is_never_a_server_error(ottos: FlaskClient):
    strange = ["%00", "a%00b", "%ff%fe", "%F0%9F%92%A9", "' OR 1=1 --", "x" * 5000]

    statuses = [ottos.get(f"/edges/students/{each}").status_code for each in strange]

    assert set(statuses) <= {400, 404}


def test_the_number_inside_is_no_name_outside(ottos: FlaskClient, mia: Student):
    assert ottos.get(f"/edges/students/{mia.id}").status_code == 404


def test_no_access_is_in_force_on_the_very_next_request(ottos: FlaskClient, mia: Student):
    assert ottos.get(f"/edges/students/{mia.public_id}").status_code == 200
    elsewhere.write("UPDATE memberships SET level = 'no_access'")

    assert ottos.get(f"/edges/students/{mia.public_id}").status_code == 303
    assert post(ottos, f"/edges/students/{mia.public_id}").status_code == 303


def test_a_lower_level_is_in_force_on_the_very_next_request(ottos: FlaskClient, mia: Student):
    elsewhere.write("UPDATE memberships SET level = 'caseload_viewer'")

    assert ottos.get(f"/edges/students/{mia.public_id}").status_code == 404
    assert post(ottos, f"/edges/students/{mia.public_id}").status_code == 403


def test_a_closed_account_is_out_on_the_very_next_request(ottos: FlaskClient, mia: Student, otto: Staff):
    with db.writing():
        otto.closed_at = clock.now()

    assert ottos.get(f"/edges/students/{mia.public_id}").status_code == 303


def test_a_browser_that_was_signed_out_elsewhere_is_out(ottos: FlaskClient, mia: Student, otto: Staff):
    with db.writing():
        SignIn.end_all(otto)

    assert ottos.get(f"/edges/students/{mia.public_id}").status_code == 303


def test_being_signed_out_while_a_page_is_made_does_not_break_it(ottos: FlaskClient, mia: Student):
    with time_machine.travel(clock.now().timestamp() + 120, tick=False):
        meanwhile.append(lambda: elsewhere.write("DELETE FROM sign_ins"))
        answer = ottos.get(f"/edges/students/{mia.public_id}")

    assert (answer.status_code, answer.text) == (200, mia.name)


def test_staff_without_their_second_factor_reach_nothing(app: Flask, settings: Settings, otto: Staff):
    with another(settings, staff_second_factor="required") as portal:
        browser = client_of(portal, otto)
        elsewhere.write("UPDATE sign_ins SET second_factor_at = NULL")

        for answer in open_all_guarded(portal, browser):
            assert answer.status_code == 303
            assert urlsplit(answer.location).path == "/staff/second-factor"


def test_guardians_owe_no_second_factor(app: Flask, settings: Settings):
    with another(settings, staff_second_factor="required") as portal:
        browser = client_of(portal, rows.guardian())
        elsewhere.write("UPDATE sign_ins SET second_factor_at = NULL")

        assert browser.get("/family").status_code == 200


def test_a_forged_cookie_is_nobodys(portal: Flask, otto: Staff, mia: Student):
    with db.writing():
        token = SignIn.start(otto, browser=None, address=None).token
    forger = portal.test_client()
    for forged in (token, f'{{"_user_id":"{token}"}}', "eyJfdXNlcl9pZCI6IngifQ.x.x", ""):
        forger.set_cookie("portal", forged)

        assert forger.get(f"/edges/students/{mia.public_id}").status_code == 303


def test_what_was_done_says_from_where(app: Flask, settings: Settings, otto: Staff, mia: Student):
    with another(settings, trusted_proxies=1) as portal:
        browser = client_of(portal, otto)
        browser.get(f"/edges/students/{mia.public_id}", headers={"X-Forwarded-For": "::ffff:192.0.2.9"})

    assert elsewhere.read("SELECT address FROM events WHERE kind = 'student viewed'") == "192.0.2.9"


def open_all_guarded(portal: Flask, browser: FlaskClient, **kwargs: object) -> Iterator[TestResponse]:
    """Every address that asks for a permission, by every method it takes."""
    portal.config["WTF_CSRF_ENABLED"] = False
    guarded = [rule for rule in portal.url_map.iter_rules() if _asks_for_a_permission(portal, rule)]
    assert len(guarded) > 10
    for rule in guarded:
        address = _some_address(rule)
        for method in rule.methods & {"GET", "POST", "PUT", "PATCH", "DELETE"}:
            yield browser.open(address, method=method, **kwargs)
    portal.config["WTF_CSRF_ENABLED"] = True


def _some_address(rule: Rule) -> str:
    words = some_words(rule)
    return re.sub(r"<(?:[^:>]+:)?([^>]+)>", lambda place: words[place[1]], rule.rule)


def _asks_for_a_permission(portal: Flask, rule: Rule) -> bool:
    return isinstance(getattr(portal.view_functions[rule.endpoint], "guard", None), Permission)


def _all_of(answer: TestResponse) -> str:
    return f"{answer.status}\n{answer.headers}\n{answer.text}"
