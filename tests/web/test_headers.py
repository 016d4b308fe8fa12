"""Response headers, cookies, hosts, forged forms, and ways off the site."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal import db
from portal.config import Settings
from portal.crypto import passwords
from portal.models import Account
from tests import elsewhere, rows
from tests.apps import another
from tests.browsing import post, some_words, token

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}

HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

HTMX = {"HX-Request": "true"}

#: One way to each kind of answer.
ANSWERS: dict[str, Callable[[FlaskClient], TestResponse]] = {
    "200 a page": lambda browser: browser.get("/edges/pages"),
    "200 a part": lambda browser: browser.get("/edges/pages", headers=HTMX),
    "200 json": lambda browser: browser.get("/healthz"),
    "303 to sign-in": lambda browser: browser.get("/students"),
    "400 forged form": lambda browser: browser.post("/edges/forms/returned"),
    "400 another host": lambda browser: browser.get("/", headers={"Host": "evil.example"}),
    "401 a part": lambda browser: browser.get("/students", headers=HTMX),
    "404 no such page": lambda browser: browser.get("/no-such-page"),
    "404 a part": lambda browser: browser.get("/no-such-page", headers=HTMX),
    "405 wrong method": lambda browser: browser.delete("/healthz"),
    "409 refused": lambda browser: post(browser, "/edges/forms/refused"),
    "413 too large": lambda browser: post(browser, "/edges/forms/returned", much="x" * 3_000_000),
    "500 crashed": lambda browser: post(browser, "/edges/forms/crashed"),
}

#: By how many proxies are ours: what X-Forwarded-For says → what is believed.
FORWARDED = {
    0: {"192.0.2.9": "127.0.0.1"},
    1: {
        "192.0.2.9": "192.0.2.9",
        "192.0.2.66, 192.0.2.9": "192.0.2.9",
        "": "127.0.0.1",
        "::ffff:192.0.2.9": "192.0.2.9",
        "2001:DB8:0::7%eth0": "2001:db8::7",
        "unknown": "0.0.0.0",
        "' OR 1=1 --": "0.0.0.0",
        "9" * 500: "0.0.0.0",
    },
    2: {"192.0.2.66, 192.0.2.9, 10.0.0.1": "192.0.2.9", "192.0.2.9": "127.0.0.1"},
}

#: Where a browser is to be sent, and must not be.
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "/\t/evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "///evil.example",
    "http://localhost@evil.example/",
    "evil.example",
    "/\n//evil.example",
]


@pytest.fixture
def portal(app: Flask, settings: Settings) -> Iterator[Flask]:
    with another(settings) as further:
        yield further


@pytest.fixture
def secure(app: Flask, settings: Settings) -> Iterator[Flask]:
    """The portal as families reach it."""
    with another(settings, base_url="https://portal.example.org") as further:
        yield further


def test_every_kind_of_answer_is_what_it_is_called(portal: Flask):
    assert {kind: ask(portal.test_client()).status_code for kind, ask in ANSWERS.items()} == {
        kind: int(kind[:3]) for kind in ANSWERS
    }


def test_every_answer_carries_the_headers(portal: Flask):
    for kind, ask in ANSWERS.items():
        headers = ask(portal.test_client()).headers

        policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
        assert policy == POLICY, kind
        assert {name: headers.get(name) for name in HEADERS} == HEADERS, kind
        assert {"Cookie", "HX-Request"} <= {name.strip() for name in headers["Vary"].split(",")}, kind
        assert "Server" not in headers, kind


def test_what_never_changes_is_kept_and_the_rest_is_not(portal: Flask):
    browser = portal.test_client()
    page = browser.get("/edges/pages").text
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]

    answer = browser.get(address)

    assert "immutable" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_nothing_of_a_crash_is_shown(portal: Flask):
    answer = post(portal.test_client(), "/edges/forms/crashed")

    assert "ZeroDivisionError" not in answer.text
    assert "Traceback" not in answer.text


def test_the_cookie_stays_on_this_host_in_this_browser_and_off_other_sites(secure: Flask):
    answer = secure.test_client().get("/sign-in", base_url="https://portal.example.org")

    name, *flags = answer.headers["Set-Cookie"].split("; ")
    assert name.startswith("__Host-portal=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(flags)
    assert not any(flag.startswith("Domain") for flag in flags)


def test_without_https_the_cookie_has_a_plain_name_and_is_as_strict_otherwise(client: FlaskClient):
    name, *flags = client.get("/sign-in").headers["Set-Cookie"].split("; ")

    assert name.startswith("portal=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(flags)
    assert "Secure" not in flags


def test_browsers_are_told_to_stay_with_https_only_where_it_is_on(secure: Flask, client: FlaskClient):
    answer = secure.test_client().get("/healthz", base_url="https://portal.example.org")

    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in client.get("/healthz").headers


def test_another_host_is_refused(secure: Flask):
    strange = [
        "evil.example",
        "portal.example.org.evil.example",
        "127.0.0.1",
        "localhost",
        "",
        "a b",
        "[::1]",
    ]

    answers = [secure.test_client().get("/healthz", headers={"Host": host}) for host in strange]

    assert {answer.status_code for answer in answers} == {400}
    assert not any("evil" in answer.text for answer in answers)


def test_a_forged_host_stands_in_no_link(secure: Flask):
    answer = secure.test_client().get(
        "/students", base_url="https://portal.example.org", headers={"X-Forwarded-Host": "evil.example"}
    )

    assert answer.location.startswith(("/", "https://portal.example.org/"))


@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_the_address_is_believed_only_of_proxies_of_ours(app: Flask, settings: Settings, proxies: int):
    with another(settings, trusted_proxies=proxies) as portal:
        browser = portal.test_client()
        told = {
            forwarded: browser.get("/edges/address", headers={"X-Forwarded-For": forwarded}).text
            for forwarded in FORWARDED[proxies]
        }

    assert told == FORWARDED[proxies]


def test_no_form_is_taken_without_its_token(app: Flask, client: FlaskClient):
    token(client)
    adapter = app.url_map.bind("localhost")
    unsafe = [
        (method, adapter.build(rule.endpoint, some_words(rule), method=method))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}
    ]

    taken = [
        f"{method} {address} {headers}"
        for method, address in unsafe
        for headers in ({}, HTMX, HTMX | {"HX-Boosted": "true"})
        if client.open(address, method=method, headers=headers).status_code != 400
    ]

    assert len(unsafe) > 10
    assert taken == []


def test_a_token_of_another_browser_is_worth_nothing(portal: Flask):
    stolen = token(portal.test_client())
    victim = portal.test_client()
    token(victim)

    assert victim.post("/edges/forms/returned", data={"csrf_token": stolen}).status_code == 400
    assert victim.post("/edges/forms/returned", headers={"X-CSRFToken": stolen}).status_code == 400
    assert elsewhere.read("SELECT count(*) FROM events") == 0


def test_a_token_in_the_header_is_as_good_as_in_the_form(portal: Flask):
    browser = portal.test_client()

    answer = browser.post("/edges/forms/returned", headers={"X-CSRFToken": token(browser)})

    assert answer.status_code == 200


def test_a_get_cannot_write_even_when_its_code_tries(portal: Flask):
    rows.student(rows.school())

    assert portal.test_client().get("/edges/writes").status_code in (500, 503)
    assert elsewhere.read("SELECT max(guardian_limit) FROM students") == 6


def test_signing_in_leads_nowhere_else(app: Flask):
    grace, otto = rows.guardian(), rows.staff(rows.school())
    ways = [
        (who, door, asked)
        for who, door in ((grace, "/sign-in"), (otto, "/staff/sign-in"))
        for asked in ELSEWHERE
    ]

    led = {asked: sign_in(app.test_client(), who, door, asked).location for who, door, asked in ways}

    assert set(led.values()) <= {"/family", "/students"}, led


def test_signing_in_leads_to_the_page_that_was_asked_for(app: Flask, client: FlaskClient):
    staff = rows.staff(rows.school())

    assert sign_in(client, staff, "/staff/sign-in", "/students?q=mia").location == "/students?q=mia"


def sign_in(browser: FlaskClient, account: Account, address: str, page: str) -> TestResponse:
    with db.writing():
        account.password_hash = passwords.hash_password("a long enough password")
    form = {"csrf_token": token(browser), "email": account.email, "password": "a long enough password"}
    return browser.post(address, query_string={"next": page}, data=form)
