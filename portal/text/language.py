"""Sentences for people, in the language of the person who asked; the only reader of the catalogues.

Outside a request (command line, jobs, plain tests) the English sentence itself comes back.
"""

from functools import lru_cache
from pathlib import Path

import flask_babel
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request, session
from flask_babel.speaklater import LazyString
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup


def gettext(sentence: str, /, **variables: object) -> str:
    """The sentence in the language of now, with `%(name)s` places filled from `variables`."""
    translated = _translated(now(), sentence)
    return translated % variables if variables else translated


def ngettext(singular: str, plural: str, count: int, /, **variables: object) -> str:
    """The sentence that fits `count`, which also fills `%(num)s`."""
    return str(flask_babel.ngettext(singular, plural, count, **variables))


def lazy_gettext(sentence: str, /, **variables: object) -> LazyString:
    """For sentences written down at import time, such as form labels: translated each time they are shown."""
    return LazyString(gettext, sentence, **variables)


#: What families can read the portal in; the first one when nothing else is known.
LANGUAGES = ("en", "es")

#: Pages of staff are in English; everything else speaks the reader's language.
STAFF_PAGES = (
    "accounts.sign_in_staff",
    "accounts.second_factor",
    "accounts.check_second_factor",
    "accounts.set_up_second_factor",
)


def init_app(app: Flask) -> None:
    flask_babel.Babel(app, default_locale=LANGUAGES[0], locale_selector=chosen)
    app.jinja_env.globals["_"] = _on_page


def now() -> str:
    """The language of now as a locale's name, such as "es"."""
    return str(flask_babel.get_locale() or LANGUAGES[0])


def chosen() -> str:
    """The language of this request: of the account, else the one picked here, else the browser's."""
    if not has_request_context():
        return LANGUAGES[0]
    account = g.get("account")
    if (account and account.is_staff) or request.endpoint in STAFF_PAGES:
        return LANGUAGES[0]
    wishes = (account and account.language, session.get("language"))
    browser = request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
    return next((wish for wish in wishes if wish in LANGUAGES), browser)


@pass_eval_context
def _on_page(page: EvalContext, sentence: str, /, **variables: object) -> str:
    """`gettext` for templates, which say some thirty sentences a page: escaped where they escape; `%%` is a sign."""
    kind = Markup if page.autoescape else str
    if variables:
        return kind(_translated(now(), sentence)) % variables
    return _finished(now(), sentence, kind)


@lru_cache(maxsize=4096)
def _translated(language: str, sentence: str) -> str:
    return str(_catalogue(language).gettext(sentence))


@lru_cache
def _catalogue(language: str) -> NullTranslations:
    return Translations.load(Path(__file__).parent.parent / "translations", [language])


@lru_cache(maxsize=4096)
def _finished(language: str, sentence: str, kind: type[str]) -> str:
    return kind(_translated(language, sentence)) % {}
