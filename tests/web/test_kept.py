"""What is kept of pages depends on nothing but its key, holds nothing of one person, and stays bounded."""

import pytest
import time_machine
from flask import Flask, g
from jinja2 import DictLoader

from portal import clock
from portal.text.language import in_language
from portal.web import kept
from portal.web.kept import Kept
from tests import rows
from tests.browser.addresses import address_of
from tests.browser.pages import PAGES
from tests.browsing import token


@pytest.fixture
def parts(app: Flask) -> dict[tuple[object, ...], str]:
    """What the application keeps, with nothing in it yet."""
    own: Kept = app.jinja_env.extensions[Kept.identifier]
    own.parts.clear()
    return own.parts


def written(app: Flask, template: str, *, name: str = "a.html", **values: object) -> str:
    return app.jinja_env.overlay(loader=DictLoader({name: template})).get_template(name).render(values)


def test_every_page_is_the_same_whoever_came_before(cast, as_, parts):
    with time_machine.travel(clock.now(), tick=False):
        browsers = {who: as_(getattr(cast, who)) for who in PAGES if who != "stranger"}
        for browser in browsers.values():
            token(browser)  # the first page of a browser sets its cookie
        asked = [(who, address_of(page, cast)) for who in browsers for page in PAGES[who]]
        for who, address in asked:
            browsers[who].get(address)
        after_everybody = {(who, address): browsers[who].get(address).text for who, address in asked}
        for who, address in asked:
            parts.clear()
            assert browsers[who].get(address).text == after_everybody[who, address], (who, address)


def test_gaps_are_escaped_and_filled_anew_and_the_rest_is_written_once(app: Flask, parts):
    template = '{% kept(who=person) %}<b title="{{ who }}">{{ mark() }}{ {{ who }} }</b>{% endkept %}'
    marks = iter("AB")
    with app.test_request_context():
        seen = [written(app, template, person=each, mark=lambda: next(marks)) for each in ("<Ö>", "{0}")]

    assert seen == ['<b title="&lt;Ö&gt;">A{ &lt;Ö&gt; }</b>', '<b title="{0}">A{ {0} }</b>']


def test_another_key_place_language_or_mount_is_written_anew(app: Flask, parts):
    marks, part = iter("ABCDEFG"), "{% kept(key) %}{{ mark() }}{% endkept %}"
    values = {"key": 1, "mark": lambda: next(marks)}
    with app.test_request_context():
        seen = [written(app, part, **values | {"key": key}) for key in (1, 2, 1)]
        seen += [written(app, "\n" + part, **values).strip(), written(app, part, name="b.html", **values)]
        with in_language("es"):
            seen.append(written(app, part, **values))
    with app.test_request_context(environ_overrides={"SCRIPT_NAME": "/portal"}):
        seen.append(written(app, part, **values))

    assert seen == ["A", "B", "A", "C", "D", "E", "F"]


def test_a_template_without_a_name_keeps_nothing(app: Flask):
    template = app.jinja_env.from_string("{% kept() %}{% endkept %}")
    with app.test_request_context(), pytest.raises(RuntimeError, match="name"):
        template.render()


@pytest.mark.parametrize("personal", ["csrf_token()", "account.email"])
def test_what_is_of_one_person_is_never_kept(app: Flask, parts, personal: str):
    template = "{% kept() %}{{ " + personal + " }}{% endkept %}"
    with app.test_request_context():
        g.account = rows.staff(rows.school())
        with pytest.raises(RuntimeError, match="of one person"):
            written(app, template, account=g.account)

    assert parts == {}


def test_the_oldest_go_when_there_are_too_many(app: Flask, parts, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kept, "MOST", 3)
    with app.test_request_context():
        for key in range(5):
            written(app, "{% kept(key) %}{% endkept %}", key=key)

    assert [key[-1] for key in parts] == [2, 3, 4]
