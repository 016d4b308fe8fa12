"""`portal show-routes`: print every address with who may use it and what it answers."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import click
from flask import Flask
from werkzeug.routing import Rule

from portal import views
from portal.policy.permissions import Permission

HEAD = """\
# Addresses

Every address of the portal, drawn by `portal show-routes`; a test keeps this page as the code is.

- *Who* names the permission of `portal/policy/permissions.py` that an account needs, and the row it needs it
  on. A row out of reach is answered with 404, exactly as a row that does not exist. "anyone" needs no account.
- A `GET` changes nothing but the record of who saw what. With htmx, an address answers with parts of its page.
- Files of `portal/static` are served below `/static/`.
"""


class Route(NamedTuple):
    """One address: its methods, who may use it, the view's endpoint, and what it answers in one sentence."""

    address: str
    methods: str
    who: str
    endpoint: str
    answers: str


@click.command("show-routes")
def show_routes() -> None:
    """Print every address with its methods, permission and what it answers, as Markdown."""
    click.echo("\n".join(routes_as_markdown()), nl=False)


def routes_as_markdown() -> Iterator[str]:
    """Yield the lines of `docs/routes.md`: a table for each blueprint."""
    yield HEAD
    found = routes()
    for subject in dict.fromkeys(route.endpoint.partition(".")[0] for route in found):
        yield f"## {subject}\n"
        yield "| address | methods | who | view | answers |"
        yield "|---|---|---|---|---|"
        for route in found:
            if route.endpoint.startswith(f"{subject}."):
                address = route.address.replace("|", "\\|")
                yield f"| `{address}` | {route.methods} | {route.who} | `{route.endpoint}` | {route.answers} |"
        yield ""


def routes() -> list[Route]:
    """Return all routes of the views, by blueprint and address. Needs no settings, keys or database."""
    app = Flask("portal", static_folder=None)
    views.init_app(app)
    found = [_route(rule, app.view_functions[rule.endpoint]) for rule in app.url_map.iter_rules()]
    return sorted(found, key=lambda route: (route.endpoint.partition(".")[0], route.address, route.methods))


def _route(rule: Rule, view: Any) -> Route:
    methods = " ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
    answers = " ".join((view.__doc__ or "").partition("\n\n")[0].split())
    return Route(rule.rule, methods, _who(view), rule.endpoint, answers)


def _who(view: Any) -> str:
    if not isinstance(view.guard, Permission):
        return "anyone"
    on = f" on {view.guarded_row.__name__}" if view.guarded_row else ""
    return f"{view.guard.name}{on}"
