"""What a family does in the browser, in the words of the family."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from portal import db
from portal.models import Event, EventKind, OutboxMessage, Pairing
from portal.models.accounts import throttle
from portal.models.accounts.throttle_count import ThrottleCount
from portal.text.access_code import ALPHABET, pretty
from tests.browsing import post

PASSWORD = "four otters paddle upstream"
NEWCOMER = "new.parent@example.com"

#: As it stands in the page.
COMMON_ANSWER = (
    "This code can&#39;t be used. It may be mistyped, replaced or out of date. "
    "Ask the school for the current one."
)
MISTYPED = "looks mistyped"

#: The test client's address.
HERE = "127.0.0.1"


def enter(client: FlaskClient, *codes: str) -> TestResponse:
    """Type codes at /join, one a line, as the letter shows them."""
    return post(client, "/join", code="\n".join(pretty(code) for code in codes))


def sign_up(client: FlaskClient, *codes: str, **fields: Any) -> TestResponse:
    """Fill in and send the sign-up form."""
    filled = {
        "code": "\n".join(pretty(code) for code in codes),
        "email": NEWCOMER,
        "given_name": "Noor",
        "family_name": "Haddad",
        "password": PASSWORD,
    }
    return post(client, "/join/account", **filled | fields)


def join(client: FlaskClient, *codes: str, **fields: Any) -> TestResponse:
    """All of it: code, yes, form."""
    enter(client, *codes)
    post(client, "/join/student")
    return sign_up(client, *codes, **fields)


def sign_in(client: FlaskClient, email: str, password: str, to: str = "/sign-in") -> TestResponse:
    return post(client, to, email=email, password=password)


def with_a_slip(code: str) -> str:
    """The code with one symbol misread, so that its check symbol does not fit."""
    return code[:-1] + ALPHABET[(ALPHABET.index(code[-1]) + 1) % len(ALPHABET)]


def guesses() -> int:
    """How many wrong codes were counted against this address."""
    counts = ThrottleCount.running([limit.key for limit in throttle.guesses(by=None, address=HERE)])
    return sum(count.tries for count in counts.values())


def events(kind: EventKind) -> int:
    return db.session.scalars(select(func.count()).where(Event.kind == kind.value)).one()


def mails(kind: str) -> list[str]:
    """To whom mails of that kind are owed."""
    return list(db.session.scalars(select(OutboxMessage.to_address).where(OutboxMessage.kind == kind)))


def pairings() -> int:
    return db.session.scalars(select(func.count()).where(Pairing.revoked_at.is_(None))).one()
