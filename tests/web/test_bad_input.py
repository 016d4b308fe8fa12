"""Whatever anybody sends anywhere: an answer in words, never a server error."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.config import Settings
from portal.demo import Cast
from tests.apps import another
from tests.browsing import token
from tests.conftest import client_of

#: What PostgreSQL keeps in no text and somebody may mean as code, and what fits no number.
STRANGE = ["'\"><script>{{ 7*7 }}\x00", "9" * 40]

#: What the portal's pages ask for in their addresses.
ASKED = ["q", "grade", "homeroom", "after", "before", "next", "status"]

FIELD = re.compile(r'<(?:input|select|textarea|button)[^>]*\bname="([^"]+)"')

#: Where the browser of a test would lose who it is.
ENDS_IT = {"/sign-out", "/family/account/deletion"}


@pytest.mark.parametrize("who", ["nobody", "hana", "grace"])
def test_nothing_strange_is_a_server_error(app: Flask, settings: Settings, cast: Cast, who: str):
    with another(settings) as portal:
        browser = portal.test_client() if who == "nobody" else client_of(portal, getattr(cast, who))
        csrf_token, known = token(browser), list(addresses(portal, cast))

        answers = [(status, where) for where in known for status in tried(browser, where, csrf_token)]

    assert len(known) > 30
    assert 200 in {status for status, _where in answers}
    assert [answer for answer in answers if answer[0] >= 500] == []


def addresses(portal: Flask, cast: Cast) -> Iterator[str]:
    """Every address of the portal: about a student of the cast, and about nothing that could be."""
    rules = {rule.rule for rule in portal.url_map.iter_rules() if "/edges/" not in rule.rule}
    for rule in sorted(rules - ENDS_IT):
        yield re.sub("<[^>]+>", cast.mia.public_id, rule)
        if "<" in rule:
            yield re.sub("<[^>]+>", "%00", rule)


def tried(browser: FlaskClient, address: str, csrf_token: str) -> Iterator[int]:
    """The status of each answer to the page and to its form, filled with each strange thing."""
    page = browser.get(address).data.decode(errors="replace")
    fields = {*FIELD.findall(page), "email", "password", "code"}
    for strange in STRANGE:
        yield browser.get(address, query_string=dict.fromkeys(ASKED, strange)).status_code
        form = dict.fromkeys(fields, strange) | {"csrf_token": csrf_token}
        yield browser.post(address, data=form).status_code
