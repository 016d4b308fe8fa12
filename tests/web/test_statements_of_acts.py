"""What an act asks of the database: few statements and one commit, for every button of the who-may-what tables."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from portal.demo import Cast
from tests.neighbourhood import Neighbourhood
from tests.statements import counted
from tests.test_who_may_what import LINES, REQUESTS, at_home, neighbourhood  # noqa: F401 - fixtures
from tests.views.family_pages import enter, sign_up

#: As many statements at the most between the beginning and the commit, sign-in and reach included.
MOST = 8

#: Acts that still need more, each with what it needs.
MORE = {
    "/family/account/deletion": 14,
    "/network/users/": 25,
    "/pairings/": 10,
    "/portal-access/batches/": 19,
    "/schools/": 13,
    "/settings/users/": 22,
    "/students/grid/": 12,
    "login-instructions/mail": 10,
    "point-people/": 9,
    "/restrictions/new": 12,
}

#: Signing up: the schools, the limits, the lock, the code, who is paired, the tries; then account, mail, events,
#: pairing and sign-in.
SIGN_UP = 11

ACTS = [request for request, line in zip(REQUESTS, LINES, strict=True) if line[0] == "POST" and "303" in line]


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "part"])
@pytest.mark.parametrize(("method", "path", "expected"), ACTS)
def test_an_act_asks_few_things_and_commits_once(
    at_home: Neighbourhood,  # noqa: F811
    method: str,
    path: str,
    expected: dict[str, str],
    htmx: bool,
):
    person = next(person for person, word in expected.items() if word == "303")
    at_home.start_afresh()

    with counted() as statements:
        at_home.send(method, path, person, htmx=htmx)

    most = max(_allowed(path), default=MOST)
    assert statements.written <= most, "\n".join(statements[: statements.written])
    assert statements.commits <= 1


def test_signing_up_asks_few_things_and_commits_once(client: FlaskClient, cast: Cast):
    code = cast.code_of(cast.noah)
    enter(client, code)
    client.get("/join/account")

    with counted() as statements:
        answer = sign_up(client, code)

    assert answer.location == "/family"
    assert len(statements) <= SIGN_UP, "\n".join(statements)
    assert statements.commits == 1


def _allowed(path: str) -> Iterator[int]:
    return (most for part, most in MORE.items() if part in path)
