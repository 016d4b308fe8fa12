"""What a browser does that the test client does not: a context per request, and the token in every form."""

import re
from typing import Any

from flask import current_app
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal import db
from portal.models import Account

#: As forms carry it, and as pages carry it for htmx.
IN_FORM = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
IN_PAGE = re.compile(r'name="csrf-token"[^>]*content="([^"]+)"')


class Browser(FlaskClient):
    """Each request has a context and a session of its own, as on a server.

    Rows that the test holds are read anew afterwards.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        if current_app:
            _read_anew()
        return response


def _read_anew() -> None:
    db.session.rollback()
    db.session.expire_all()
    for row in db.session:
        if isinstance(row, Account):
            row.forget_rights()


def post(client: FlaskClient, url: str, *, htmx: bool = False, **fields: Any) -> TestResponse:
    """Send a form as the browser would: with the session's token, and from htmx when asked."""
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(url, data={"csrf_token": token(client), **fields}, headers=headers)


def get(client: FlaskClient, url: str, *, htmx: bool = False) -> TestResponse:
    """Open an address, as a whole page or as the part htmx would swap."""
    return client.get(url, headers={"HX-Request": "true"} if htmx else {})


def looked_at(page: TestResponse) -> dict[str, str]:
    """What a page about students who were chosen carries along: how many there are, and who."""
    return {name: _carried(name, page.text) for name in ("shown", "digest")}


def _carried(name: str, page: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, f"the page carries no {name}"
    return found[1]


def token(client: FlaskClient) -> str:
    """A token that the next form of this browser may carry."""
    page = client.get("/no-such-page").text
    found = IN_FORM.search(page) or IN_PAGE.search(page)
    assert found, "the page carries no token"
    return found[1]


def some_words(rule: Rule) -> dict[str, str]:
    """For each place in the address of that route a word that may stand there."""
    offered = {name: getattr(converter, "items", None) for name, converter in rule._converters.items()}
    return {name: min(words) if words else "A" * 22 for name, words in offered.items()}
