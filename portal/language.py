"""Sentences for people, in the language of the person who asked; the only importer of flask_babel's gettext.

Outside a request (command line, jobs, plain tests) the English sentence itself comes back.
"""

import flask_babel
from flask import Flask, g, has_request_context, request, session
from flask_babel.speaklater import LazyString


def gettext(sentence: str, /, **variables: object) -> str:
    """The sentence in the language of now, with `%(name)s` places filled from `variables`."""
    return str(flask_babel.gettext(sentence, **variables))


def ngettext(singular: str, plural: str, count: int, /, **variables: object) -> str:
    """The sentence that fits `count`, which also fills `%(num)s`."""
    return str(flask_babel.ngettext(singular, plural, count, **variables))


def lazy_gettext(sentence: str, /, **variables: object) -> LazyString:
    """For sentences written down at import time, such as form labels: translated each time they are shown."""
    return LazyString(gettext, sentence, **variables)


#: What families can read the portal in; the first one when nothing else is known.
LANGUAGES = ("en", "es")

#: Pages of staff are in English; everything else speaks the reader's language.
STAFF_PAGES = ("staff_sign_ins", "second_factors")


def init_app(app: Flask) -> None:
    flask_babel.Babel(app, default_locale=LANGUAGES[0], locale_selector=chosen)


def chosen() -> str:
    """The language of this request: of the account, else the one picked here, else the browser's."""
    if not has_request_context():
        return LANGUAGES[0]
    account = g.get("account")
    if (account and account.is_staff) or request.blueprint in STAFF_PAGES:
        return LANGUAGES[0]
    wishes = (account and account.language, session.get("language"))
    browser = request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
    return next((wish for wish in wishes if wish in LANGUAGES), browser)
