"""Warnings about printed letters: names that cannot be printed as they are written, and families' other languages."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from portal.documents.letter import Letter
from portal.documents.printable import printable
from portal.text.language import gettext as _
from portal.text.language import language_name, ngettext

#: Unicode categories of characters that are visible: to leave one out changes what a person sees.
SEEN = {"So", "Sk", "Me", "Co", "Cn"}

#: Scripts whose letters change and join in ways that need a shaping engine: Indic, Sinhala, Thai's neighbours,
#: Tibetan, Burmese, Khmer, Mongolian, Syriac, Thaana and N'Ko.
UNSHAPED = re.compile("[\u0700-\u07ff\u0900-\u0dff\u0e80-\u0fff\u1000-\u109f\u1780-\u18af]")

#: How many names a warning lists.
NAMED = 5


def warnings_on(letters: Sequence[Letter]) -> list[str]:
    """Return sentences for the person who hands the letters out; an empty list when nothing is wrong."""
    warnings = []
    if loses := _names(letters, _loses_a_sign):
        warnings.append(
            _("Emoji and signs that paper cannot show were left out of these names: %(names)s.", names=loses)
        )
    if unshaped := _names(letters, _is_unshaped):
        warnings.append(
            _("These names are in a script whose letters we cannot join properly: %(names)s.", names=unshaped)
        )
    return warnings + _warnings_on_languages(letters)


def _names(letters: Iterable[Letter], is_meant: Callable[[str], bool]) -> str:
    names = [letter.student_name for letter in letters if is_meant(letter.student)]
    more = len(names) - NAMED
    listed = ", ".join(names[:NAMED])
    return _("%(names)s and %(more)s more", names=listed, more=more) if more > 0 else listed


def _loses_a_sign(name: str) -> bool:
    if name.isascii():
        return False
    kept = printable(name)
    return any(char not in kept and unicodedata.category(char) in SEEN for char in name)


def _is_unshaped(name: str) -> bool:
    return not name.isascii() and UNSHAPED.search(name) is not None


def _warnings_on_languages(letters: Sequence[Letter]) -> list[str]:
    """Say how many families read a language that the portal does not write in, and got their school's."""
    others = [letter.home_language for letter in letters if letter.home_language not in ("", letter.language)]
    if not others:
        return []
    languages = ", ".join(sorted({language_name(language) for language in others}))
    return [
        ngettext(
            "%(num)s family reads a language we have no letter in (%(languages)s); theirs is in the school’s.",
            "%(num)s families read a language we have no letter in (%(languages)s); theirs are in the school’s.",
            len(others),
            languages=languages,
        )
    ]
