"""What languages are called, in English: for pages of staff."""

from functools import cache

from babel import Locale, UnknownLocaleError


@cache
def language_name(code: str) -> str:
    """Such as "Spanish" for "es"; a code that nobody knows stays as it is."""
    try:
        return Locale.parse(code.replace("_", "-"), sep="-").get_display_name("en") or code
    except (ValueError, UnknownLocaleError):
        return code
