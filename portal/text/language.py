"""Sentences for people, in the language of now (decision 24); the only reader of the catalogues.

A request, a mail and a letter each say which language it is, with `use` or `in_language`. Otherwise (command line,
jobs, plain tests) the English sentence itself comes back.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.support import NullTranslations, Translations

#: What families can read the portal in; the first one when nothing else is known.
LANGUAGES = ("en", "es")

#: Spoken by many families, and not among the names that Babel knows.
FURTHER_NAMES = {"hmn": "Hmong"}

#: A language, or what chooses it when the first sentence is asked for.
_NOW: ContextVar[str | Callable[[], str]] = ContextVar("language", default=LANGUAGES[0])


def gettext(sentence: str, /, **variables: object) -> str:
    """The sentence in the language of now, with `%(name)s` places filled from `variables`."""
    translated = translation(now(), sentence)
    return translated % variables if variables else translated


def ngettext(singular: str, plural: str, count: int, /, **variables: object) -> str:
    """The sentence that fits `count`, which also fills `%(num)s`."""
    return plural_translation(now(), singular, plural, count) % ({"num": count} | variables)


def lazy_gettext(sentence: str, /, **variables: object) -> "LazyString":
    """For sentences written down at import time, such as form labels: translated each time they are shown."""
    return LazyString(sentence, variables)


def now() -> str:
    """The language of now, such as "es"."""
    language = _NOW.get()
    if not isinstance(language, str):
        language = language()
        _NOW.set(language)
    return language


def use(language: str | Callable[[], str]) -> None:
    """Speak `language` from now on in this thread; a function is asked once, when the first sentence is needed."""
    _NOW.set(language)


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Speak `language` within the block."""
    before = _NOW.set(language)
    try:
        yield
    finally:
        _NOW.reset(before)


@lru_cache(maxsize=4096)
def translation(language: str, sentence: str) -> str:
    """The sentence in that language, its `%(name)s` places not yet filled; itself when it has no translation."""
    return str(_catalogue(language).gettext(sentence))


def plural_translation(language: str, singular: str, plural: str, count: int) -> str:
    """The one of the two sentences that fits `count`, in that language, its places not yet filled."""
    return str(_catalogue(language).ngettext(singular, plural, count))


@lru_cache(maxsize=512)
def language_name(tag: str, reader: str = "en") -> str:
    """Such as "Spanish" for "es", in the language `reader`; a tag that nobody knows stays as it is."""
    try:
        known = Locale.parse(tag.replace("_", "-"), sep="-").get_display_name(reader)
    except (ValueError, UnknownLocaleError):
        known = None
    return str(known or FURTHER_NAMES.get(tag, tag))


class LazyString:
    """A sentence that is translated each time it is shown. Has the methods and operators of a string."""

    def __init__(self, sentence: str, variables: dict[str, object]) -> None:
        self._sentence, self._variables = sentence, variables

    def __str__(self) -> str:
        return gettext(self._sentence, **self._variables)

    def __html__(self) -> str:
        return str(self)

    def __repr__(self) -> str:
        return f"LazyString({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __lt__(self, other: object) -> bool:
        return str(self) < str(other)

    def __len__(self) -> int:
        return len(str(self))

    def __add__(self, other: str) -> str:
        return str(self) + other

    def __radd__(self, other: str) -> str:
        return other + str(self)

    def __mod__(self, values: Any) -> str:
        return str(str(self) % values)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(str(self), name)


@lru_cache
def _catalogue(language: str) -> NullTranslations:
    return Translations.load(Path(__file__).parent.parent / "translations", [language])
