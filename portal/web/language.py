"""The language of a request, and how templates speak it."""

from functools import lru_cache

from babel import Locale
from babel.numbers import format_decimal
from flask import Flask, g, has_request_context, request, session
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from portal.text import language
from portal.text.language import LANGUAGES

#: Pages of staff are in English; everything else speaks the reader's language.
STAFF_PAGES = (
    "accounts.sign_in_staff",
    "accounts.second_factor",
    "accounts.check_second_factor",
    "accounts.set_up_second_factor",
)


def init_app(app: Flask) -> None:
    """Let each request speak its reader's language, and give sentences and numbers to the templates."""
    app.before_request(lambda: language.use(chosen))
    app.teardown_request(lambda _error: language.use(LANGUAGES[0]))
    app.jinja_env.globals |= {
        "_": _translate,
        "ngettext": _translate_plural,
        "locale": lambda: _locale(language.now()),
    }
    app.jinja_env.filters["decimalformat"] = lambda number: format_decimal(number, locale=language.now())


def chosen() -> str:
    """Return the language of this request: of the account, else the one picked here, else the browser's."""
    if not has_request_context():
        return LANGUAGES[0]
    account = g.get("account")
    if (account and account.is_staff) or request.endpoint in STAFF_PAGES:
        return LANGUAGES[0]
    wish = next(
        (wish for wish in (account and account.language, session.get("language")) if wish in LANGUAGES), None
    )
    return wish or request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


@pass_eval_context
def _translate(page: EvalContext, sentence: str, /, **variables: object) -> str:
    """Translate a sentence as `gettext`, for templates. Escape what fills it where they escape; `%%` is a sign."""
    kind = Markup if page.autoescape else str
    if variables:
        return kind(language.translation(language.now(), sentence)) % variables
    return _translate_as(language.now(), sentence, kind)


@pass_eval_context
def _translate_plural(
    page: EvalContext, singular: str, plural: str, count: int, /, **variables: object
) -> str:
    """Translate a sentence as `ngettext`, for templates. Escape what fills it where they escape."""
    kind = Markup if page.autoescape else str
    return kind(language.plural_translation(language.now(), singular, plural, count)) % (
        {"num": count} | variables
    )


@lru_cache(maxsize=4096)
def _translate_as(language_of_page: str, sentence: str, kind: type[str]) -> str:
    return kind(language.translation(language_of_page, sentence)) % {}


@lru_cache
def _locale(language_of_page: str) -> Locale:
    return Locale.parse(language_of_page)
