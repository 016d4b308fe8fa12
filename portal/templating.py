"""What every template may use, and that a misspelt name in one is an error."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import format_date, format_time, get_locale
from jinja2 import StrictUndefined

from portal import access_code_text
from portal.language import gettext as _
from portal.models.mail_state import state_of


def init_app(app: Flask) -> None:
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters |= {
        "day": day,
        "days": days,
        "grade": grade,
        "moment": moment,
        "pretty_code": access_code_text.pretty,
        "mail_state": state_of,
    }
    environment.globals["locale"] = get_locale
    environment.globals["ui"] = environment.get_template("components/ui.html").module


def day(moment: date | datetime, zone: str = "UTC", format: str = "medium") -> str:
    """A date as the reader's language writes it; a moment as the clocks in `zone` show it."""
    if isinstance(moment, datetime):
        moment = moment.astimezone(ZoneInfo(zone)).date()
    return str(format_date(moment, format, rebase=False))


def moment(at: datetime, zone: str) -> str:
    """Day and time of day where the clocks show `zone`, as the reader's language writes them."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{day(local.date())}, {format_time(local, 'short', rebase=False)}"


def days(moments: Iterable[datetime | None], zone: str) -> dict[datetime, str]:
    """Each moment as `day` writes it: for long lists, where many moments lie on few days."""
    clock = ZoneInfo(zone)
    found = {moment: moment.astimezone(clock).date() for moment in moments if moment}
    words = {date: day(date) for date in set(found.values())}
    return {moment: words[date] for moment, date in found.items()}


def grade(number: int | None) -> str:
    """A grade in words: "Grade 4", "Kindergarten"."""
    if number is None:
        return ""
    return {-1: _("Pre-K"), 0: _("Kindergarten")}.get(number) or _("Grade %(number)s", number=number)
