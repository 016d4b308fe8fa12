"""Patterns are kept for every reader: they hold what all of them see, and each request fills in its own texts."""

import re

import pytest
from jinja2 import DictLoader, UndefinedError
from markupsafe import Markup

from portal.text.language import in_language
from portal.web.patterns import fill, patterns

SHAPES = [
    ("codes/_patterns.html", {"revokes": True}),
    ("students/_patterns.html", {"tab": "notes", "has_notes": True}),
]


@pytest.fixture
def templates(app, monkeypatch):
    """Templates by name, in place of the portal's."""
    sources: dict[str, str] = {}
    monkeypatch.setattr(app.jinja_env, "loader", DictLoader(sources))
    return sources


def test_texts_are_escaped_and_pieces_of_html_are_not():
    pattern = Markup("<p>{0}, {1}, {0}{end}</p>")

    assert fill(pattern, "<", "b", end=Markup("<br>")) == "<p>&lt;, b, &lt;<br></p>"
    assert fill(pattern, "a", "b", end="<") == "<p>a, b, a&lt;</p>"
    assert fill(pattern, "{1}", "b", end="") == "<p>{1}, b, {1}</p>"


@pytest.mark.parametrize(
    "secret", ["current_account", "csrf_token()", "may", "session", "request", "current_school()", "ui.field"]
)
def test_a_pattern_sees_nothing_of_a_request(app, templates, secret):
    templates["leaky.html"] = "{% set line %}{{ " + secret + " }}{% endset %}"

    with app.test_request_context(), pytest.raises(UndefinedError):
        patterns("leaky.html")


def test_each_language_shape_and_mount_point_has_patterns_of_its_own(app, templates):
    templates["greeting.html"] = (
        '{% set hello = _("Sign out") ~ (" loudly" if is_loud else "") ~ address("families.index", "x") %}'
    )
    seen = set()
    for root in ("/", "/portal/"):
        for tag in ("en", "es"):
            with app.test_request_context(base_url=f"http://localhost{root}"), in_language(tag):
                seen |= {patterns("greeting.html", is_loud=loud).hello for loud in (False, True)}

    assert len(seen) == 8


@pytest.mark.parametrize(("template", "shape"), SHAPES)
def test_the_patterns_of_the_portal_have_places_and_no_public_ids(app, template, shape):
    with app.test_request_context():
        made = patterns(template, **shape)
        whole = repr({name: value for name, value in vars(made).items() if not name.startswith("_")})

        assert patterns(template, **shape) is made
        assert "{0}" in whole
        assert not re.search(r"[\w-]{22}(?=[/\"])", whole.replace("login-instructions", ""))
