"""Patterns: pieces of pages that differ from one request to the next only in the texts of their `{0}` places.

A template named `_patterns.html` sets them. It is rendered once for each language and shape, and what it made is kept
as long as the process. So it sees nothing of a request: no account, no session, no row, only what its shape says.
"""

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from flask import Flask, current_app, has_request_context, request, url_for
from jinja2 import Environment
from jinja2.environment import TemplateModule
from markupsafe import Markup, escape

from portal.text import language
from portal.web.templating import escaped

#: Stands for the place of a public id in an address: no address is quoted there.
PLACE = "~"

#: What a template of patterns may use, besides its shape. Macros that write a token or a field are not among them.
_GLOBALS = ("_", "ngettext", "draw", "family_statuses")
_MACROS = ("badge", "card", "columns", "crumb", "empty", "link_button", "tabs")


def init_app(app: Flask) -> None:
    app.add_template_global(patterns, "patterns")
    app.add_template_filter(fill, "fill")


def patterns(template: str, **shape: str | bool | int) -> TemplateModule:
    """Return the patterns that `template` sets for that shape, in the language of now, as its attributes."""
    root = request.script_root if has_request_context() else ""
    return _made(current_app.jinja_env, template, language.now(), root, tuple(shape.items()))


def fill(pattern: Markup, *texts: str, **pieces: Markup) -> Markup:
    """Return the pattern with `texts` in its numbered places, escaped, and `pieces` of HTML in its named ones."""
    html = {name: escape(piece) for name, piece in pieces.items()}
    return Markup(str(pattern).format(*escaped(texts), **html))  # noqa: S704 - texts and pieces are escaped


@lru_cache(maxsize=1024)
def _made(
    environment: Environment, template: str, _language: str, _root: str, shape: tuple[tuple[str, Any], ...]
) -> TemplateModule:
    known = {name: environment.globals[name] for name in _GLOBALS} | dict(shape) | _tools(environment)
    return environment.get_template(template).make_module(known, shared=True)


def _tools(environment: Environment) -> dict[str, Any]:
    macros: Any = environment.globals["ui"]
    ui = SimpleNamespace(
        icon=environment.globals["draw"], **{name: getattr(macros, name) for name in _MACROS}
    )
    return {"ui": ui, "address": _address}


def _address(endpoint: str, place: str, number: int = 0) -> str:
    """Return the address of `endpoint` with a place for the public id that it calls `place`."""
    return url_for(endpoint, **{place: PLACE}).replace(PLACE, f"{{{number}}}")  # type: ignore[arg-type]
