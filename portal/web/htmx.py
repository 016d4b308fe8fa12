"""Pages and the parts of pages that htmx asks for: the only module that knows its headers."""

import json
from typing import Any

import flask
from flask import Flask, Response, g, request
from flask import render_template as render_page
from jinja2_fragments.flask import render_blocks
from werkzeug.wrappers import Response as AnyResponse

from portal import db

#: What a view gives Flask: a page, also with its status and headers, or a whole response.
Answer = str | AnyResponse | tuple[str, int] | tuple[str, int, dict[str, str]]


def wants_part() -> bool:
    """True when htmx swaps a part of the page; not when it boosts or restores a whole one."""
    headers = request.headers
    return "HX-Request" in headers and not (
        "HX-Boosted" in headers or "HX-History-Restore-Request" in headers
    )


def render(template: str, *parts: str, **context: Any) -> str:
    """Render the page, or only the named blocks of it if htmx asked for a part.

    The first part goes where htmx aims; each further one finds its place by its id.
    What the request wrote is committed first: nothing slow happens inside a write transaction.
    """
    db.commit_now()
    if parts and wants_part():
        return render_blocks(template, list(parts), **context, is_part=True)
    return render_page(template, **context, is_part=False)


def redirect(address: str) -> AnyResponse:
    """Send the browser to another page after a form."""
    if not wants_part():
        return flask.redirect(address, code=303)
    if "toast" in g:
        toast = g.pop("toast")
        flask.flash(toast["message"], toast["kind"])
    return Response(status=204, headers={"HX-Redirect": address})


def flash(message: str, kind: str = "good") -> None:
    """Show a short message on the next page. With the kind "danger" it stays until it is closed."""
    if wants_part():
        g.toast = {"message": message, "kind": kind}
    else:
        flask.flash(message, kind)


def init_app(app: Flask) -> None:
    @app.after_request
    def finish(response: Response) -> Response:
        if "toast" in g:
            response.headers["HX-Trigger"] = json.dumps({"toast": g.pop("toast")})
        return response
