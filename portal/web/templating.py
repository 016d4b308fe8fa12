"""Give every template its helpers, and make a misspelt name in one an error."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from flask import Flask
from jinja2 import StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup, escape

from portal.models.codes.family_status import FamilyStatus
from portal.models.mail.delivery_state import MailState, state_of
from portal.text import access_code, language
from portal.text.language import gettext as _
from portal.web.badges import BADGES, badge_of


class ShortIndentation(Extension):
    """Leave out indentation, which is there for those who read the template.

    One space stays after a line that ends with a tag, whose end of line Jinja takes away.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        if not (name or "").endswith(".html"):
            return source
        return re.sub(r"\n[ \t]+", "\n ", re.sub(r"(?<![%#]})\n[ \t]+", "\n", source))


def init_app(app: Flask) -> None:
    environment = app.jinja_env
    environment.add_extension(ShortIndentation)
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters |= {
        "attributes": attributes,
        "badge": badge_of,
        "day": day,
        "filled": filled,
        "grade": grade,
        "language_name": language_name,
        "moment": moment,
        "pretty_code": access_code.pretty,
        "mail_state": state_of,
        "zipped": zip,
    }
    environment.globals["family_statuses"] = tuple(FamilyStatus)
    environment.globals["mail_states"] = tuple(BADGES[MailState])
    environment.globals["percent"] = percent
    environment.globals["ui"] = environment.get_template("components/ui.html").module


def attributes(given: Mapping[str, Any]) -> Markup:
    """Return attributes of an element, with hyphens for underscores: `hx_get="/x"` becomes ` hx-get="/x"`.

    True is an attribute without a value; None and False are none.
    """
    return Markup("").join(
        _NAME % _hyphenate(name) if value is True else _NAME_AND_VALUE % (_hyphenate(name), value)
        for name, value in given.items()
        if value is not None and value is not False
    )


def _hyphenate(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


_NAME, _NAME_AND_VALUE = Markup(" %s"), Markup(' %s="%s"')


def percent(part: int, all_of_them: int) -> str:
    """Return a share to the nearest per cent, but 100% for all of them only, and 0% for none."""
    rounded = (200 * part + all_of_them) // (2 * all_of_them)
    if part < all_of_them:
        rounded = min(rounded, 99)
    return f"{max(rounded, 1) if part else rounded}%"


def day(moment: date | datetime, zone: str = "UTC", format: str = "medium") -> str:
    """Return a date as the reader's language writes it; for a moment, its date in the time zone `zone`."""
    if isinstance(moment, datetime):
        moment = moment.astimezone(ZoneInfo(zone)).date()
    return _format_day(moment, format, language.now())


@lru_cache(maxsize=4096)
def _format_day(day: date, format: str, language: str) -> str:
    return format_date(day, format, locale=language)


def moment(at: datetime, zone: str) -> str:
    """Day and time of day where the clocks show `zone`, as the reader's language writes them."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{day(local.date())}, {_format_time(local.hour, local.minute, language.now())}"


@lru_cache(maxsize=4096)
def _format_time(hour: int, minute: int, language: str) -> str:
    return format_time(time(hour, minute), "short", locale=language)


def days(moments: Iterable[datetime | None], zone: str) -> dict[datetime | None, str]:
    """Map each moment to what `day` writes, None to a dash. Use it for long lists."""
    clock = ZoneInfo(zone)
    found = {moment: moment.astimezone(clock).date() for moment in moments if moment}
    words = {date: day(date) for date in set(found.values())}
    return {moment: words[date] for moment, date in found.items()} | {None: "–"}


def grade(number: int | None) -> str:
    """Return a grade in words: "Grade 4", "Kindergarten"."""
    match number:
        case None:
            return ""
        case -1:
            return _("Pre-K")
        case 0:
            return _("Kindergarten")
        case _other:
            return _("Grade %(number)s", number=number)


def language_name(tag: str) -> str:
    """Return the name of a language in the reader's: "Vietnamese" for "vi"; the tag itself if it has no name."""
    return language.language_name(tag, language.now())


#: Stands between texts while they are escaped together; no text of a page has it.
SEPARATOR = "\x00"


def filled(patterns: Mapping[str, Markup], rows: Iterable[tuple[str, Sequence[str]]]) -> Markup:
    """Fill and join the rows. Each is a name in `patterns` and the texts for its `{}` places, in order."""
    forms = {name: str(pattern).format for name, pattern in patterns.items()}
    return Markup("".join(forms[name](*escaped(texts)) for name, texts in rows))  # noqa: S704


def escaped(texts: Sequence[str]) -> Sequence[str]:
    """Return these texts, escaped for HTML in one go."""
    together = SEPARATOR.join(texts)
    if together.count(SEPARATOR) >= len(texts):
        return [str(escape(text)) for text in texts]
    return str(escape(together)).split(SEPARATOR)
