"""What languages are called."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError

#: Spoken by many families, and not among the names that Babel knows.
FURTHER = {"hmn": "Hmong"}


@lru_cache(maxsize=512)
def language_name(tag: str, reader: str = "en") -> str:
    """Such as "Spanish" for "es", in the language `reader`; a tag that nobody knows stays as it is."""
    try:
        known = Locale.parse(tag.replace("_", "-"), sep="-").get_display_name(reader)
    except (ValueError, UnknownLocaleError):
        known = None
    return str(known or FURTHER.get(tag, tag))
