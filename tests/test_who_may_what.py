"""Who may do what, one line a request: the tables in who_may_what/, one a subject.

They are written from the product's rules by hand, so they are no echo of the policy. A head of columns stands in each.

Mia is in 2A, which Ada and Carl teach; Lucía and Ines are in 2B. Hana to Nils work at their school, each at another
level. Sam works at Riverside, where Tomás is. Nora, Paul (for Mia's school only), Ona and Nat work for the network.
Grace is Mia's mother, Zoe is paired with nobody, "out" is a stranger. {nothing} is what never existed.

200 is a page. 303: done, and on to the next page. 403: not for this level. 404: nothing of that name within reach.
in: to the sign-in page. 409, 410, 422: let in, but there was nothing to be done, the link is another's, no file.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.demo import Cast
from portal.policy.permissions import Permission
from portal.web import guard
from tests.browsing import IN_FORM, IN_PAGE
from tests.database import FreshDatabase
from tests.neighbourhood import PEOPLE, STRANGER, Neighbourhood, Seen

TABLES = sorted((Path(__file__).parent / "who_may_what").glob("*.txt"))

#: What anybody may open: signing in and up, choosing a language, and the health check.
OPEN_TO_EVERYBODY = {
    "accounts.check_second_factor",
    "accounts.choose_language",
    "accounts.forgot_password",
    "accounts.home",
    "accounts.reset_link_sent",
    "accounts.reset_password",
    "accounts.second_factor",
    "accounts.set_up_second_factor",
    "accounts.sign_in",
    "accounts.sign_in_staff",
    "accounts.sign_out",
    "families.add_child",
    "families.check_your_email",
    "families.confirm_child",
    "families.drop_code",
    "families.enter_code",
    "families.sign_up",
    "health.show",
}  # fmt: skip

#: Sent by POST since those who are ticked are many; answered with a page or a file, as GET would be.
ANSWERED_AT_ONCE = ("/students/grid/plan", "/students/grid/export", "/supports/plan")

COLUMNS = [*PEOPLE, STRANGER]
REFUSED = {"in", "403", "404"}

LINES = [
    line.split()
    for table in TABLES
    for line in table.read_text(encoding="utf-8").splitlines()
    if line.startswith(("GET", "POST"))
]
REQUESTS = [
    pytest.param(method, path, dict(zip(COLUMNS, words, strict=True)), id=f"{method} {path}")
    for method, path, *words in LINES
]
FOREIGN = [
    request
    for request, line in zip(REQUESTS, LINES, strict=True)
    if "404" in line and "{nothing}" not in line[1]
]


@pytest.fixture(scope="module")
def neighbourhood(_application: tuple[Flask, FreshDatabase], _district: Cast) -> Iterator[Neighbourhood]:
    app, database = _application
    with app.app_context():
        database.restore("district")
        yield Neighbourhood(app, _district, database)


@pytest.fixture
def at_home(neighbourhood: Neighbourhood) -> Neighbourhood:
    neighbourhood.start_afresh()
    return neighbourhood


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "part"])
@pytest.mark.parametrize(("method", "path", "expected"), REQUESTS)
def test_everybody_may_do_what_the_table_says(
    at_home: Neighbourhood, method: str, path: str, expected: dict[str, str], htmx: bool
):
    found = {}
    before = at_home.facts()
    for person in expected:
        response = at_home.send(method, path, person, htmx=htmx)
        found[person] = word_for(response, htmx=htmx)
        if found[person] == "404":
            at_home.not_found[method, path, person, htmx] = seen(response, at_home.address(path))
        if found[person] in REFUSED:
            assert at_home.facts() == before, f"{person} was refused and yet changed something"
        elif method == "POST":
            at_home.start_afresh()

    assert found == expected


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "part"])
@pytest.mark.parametrize(("method", "path", "expected"), FOREIGN)
def test_what_is_out_of_reach_looks_as_if_it_had_never_existed(
    at_home: Neighbourhood, method: str, path: str, expected: dict[str, str], htmx: bool
):
    start, _brace, rest = path.partition("{")
    nowhere = start + "{nothing}" + rest.partition("}")[2]
    for person in (person for person, word in expected.items() if word == "404"):
        foreign, missing = (not_found(at_home, method, each, person, htmx) for each in (path, nowhere))

        assert foreign == missing, person


def test_the_table_names_every_guarded_request(app: Flask):
    routes = app.url_map.bind("localhost")
    named = {
        (routes.match(path.partition("?")[0], method=method)[0], method) for method, path, *_cells in LINES
    }
    guarded = {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        if isinstance(getattr(app.view_functions[rule.endpoint], "guard", None), Permission)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert guarded - named == set()


def test_nothing_else_is_open_to_everybody(app: Flask):
    is_open = {name for name, view in app.view_functions.items() if view.guard is guard.public}  # type: ignore[attr-defined]

    assert is_open == OPEN_TO_EVERYBODY


def word_for(response: TestResponse, *, htmx: bool) -> str:
    """As it stands in the table; htmx is told where to go by a header, and gets parts in place of a next page."""
    goes_to = response.location or response.headers.get("HX-Redirect", "")
    if goes_to.startswith(("/sign-in", "/staff/sign-in")):
        return "in"
    is_next = response.request.method == "POST" and not response.request.path.endswith(ANSWERED_AT_ONCE)
    has_parts = htmx and is_next and response.status_code == 200
    return "303" if goes_to or has_parts else str(response.status_code)


def not_found(at_home: Neighbourhood, method: str, path: str, person: str, htmx: bool) -> Seen:
    """What comes back; asked once, since whoever finds nothing leaves everything as it was."""
    asked = method, path, person, htmx
    if asked not in at_home.not_found:
        at_home.not_found[asked] = seen(at_home.send(method, path, person, htmx=htmx), at_home.address(path))
    return at_home.not_found[asked]


def seen(response: TestResponse, address: str) -> Seen:
    """Everything that comes back, without what was sent there: the address, and the token of this very page."""
    body = IN_PAGE.sub("", IN_FORM.sub("", response.text)).replace(address, "")
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers if name != "Set-Cookie")
    return response.status_code, headers, body
