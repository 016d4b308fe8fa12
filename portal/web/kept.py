"""The parts of pages that many pages share, such as the header: written once, and kept by what they depend on.

    {% kept(levels, name=current_account.name) %}…{{ name }}…{% endkept %}

What is kept is found again by its place in the templates, the language, where the portal is mounted and the values in
brackets, which are all that the body may depend on. It therefore never has to be ended. Values that differ from person
to person are named: inside the body each is a gap, which can only be written out, and is filled for every page.
"""

import re
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any

from flask import Flask, g, request
from flask_wtf.csrf import generate_csrf
from jinja2 import Environment, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup, escape

from portal.text import language

#: The greatest number of parts that are kept, of some two thousand letters each; then the oldest go.
MOST = 1_000


class Kept(Extension):
    """The tag. Keeps the parts of the pages of one application."""

    tags = {"kept"}  # noqa: RUF012 - as Jinja declares it

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.parts: dict[tuple[object, ...], str] = {}
        self._lock = Lock()

    def parse(self, parser: Parser) -> nodes.Node:
        """Make of the tag a call of `fill`, with the body as its caller."""
        line = next(parser.stream).lineno
        key, named, *_ = parser.parse_call_args()
        body = parser.parse_statements(("name:endkept",), drop_needle=True)
        place = nodes.Const(parser.name and f"{parser.name}:{line}")
        gaps = [nodes.Name(each.key, "param") for each in named]
        values = nodes.List([each.value for each in named])
        call = self.call_method("fill", [place, nodes.Tuple(key, "load"), values])
        return nodes.CallBlock(call, gaps, [], body).set_lineno(line)

    def fill(
        self, place: str | None, key: tuple[object, ...], values: Sequence[object], caller: Callable[..., str]
    ) -> Markup:
        """Return the part with its gaps filled; write it when it is not kept."""
        whole = (place, language.now(), request.script_root, *key)
        part = self.parts.get(whole)
        if part is None:
            part = _write(place, len(values), caller)
            self._keep(whole, part)
        return Markup(part.format(*map(escape, values)))  # noqa: S704 - written by a template

    def _keep(self, whole: tuple[object, ...], part: str) -> None:
        with self._lock:
            while len(self.parts) >= MOST:
                del self.parts[next(iter(self.parts))]
            self.parts[whole] = part


def _write(place: str | None, gaps: int, caller: Callable[..., str]) -> str:
    """Return the body as a pattern for `format`.

    Raises RuntimeError if the template has no name, and if something of the present person was written.
    """
    if not place:
        raise RuntimeError("a part is kept by the name of its template, and this one has none")
    body = str(caller(*(Markup(f"\x00{gap}\x00") for gap in range(gaps))))  # noqa: S704 - a number
    account: Any = g.get("account")
    if generate_csrf() in body or (account and account.email in body):
        raise RuntimeError(f"what is kept at {place} is of one person: name it in the brackets")
    return re.sub("\x00([0-9]+)\x00", r"{\1}", body.replace("{", "{{").replace("}", "}}"))


def init_app(app: Flask) -> None:
    app.jinja_env.add_extension(Kept)
