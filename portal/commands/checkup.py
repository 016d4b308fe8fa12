"""`portal doctor`: check an installation for what an operator should mend."""

import sqlite3
import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import NamedTuple

import click
from sqlalchemy import func, select

from portal import clock, db
from portal.commands.readiness import NotReady, ready_app
from portal.config import Settings
from portal.mail import envelope, sender
from portal.models import Event, OutboxMessage

#: The worker sends mail every minute, so mail that has been due for this long has no worker.
LATE = timedelta(minutes=15)


class Finding(NamedTuple):
    """The result of one check: `verdict` is "ok", "warning" or "FAILED"."""

    verdict: str
    subject: str
    sentence: str


@click.command("doctor")
def doctor() -> None:
    """Say whether this installation is well; exit status 1 when something has to be done."""
    settings = Settings.read()
    app = ready_app(settings)
    with app.app_context():
        findings = [finding for check in CHECKS for finding in check(settings)]
    for finding in findings:
        click.echo(f"{finding.verdict:<8} {finding.subject:<11} {finding.sentence}")
    if any(finding.verdict == "FAILED" for finding in findings):
        raise NotReady("Something has to be done: see above.")


def has_wal_race(version: tuple[int, ...]) -> bool:
    """Whether this version of SQLite can lose a write when its write-ahead log is reset.

    The fault is fixed in 3.51.3, 3.50.7 and 3.44.6.
    """
    is_mended = version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
    return version >= (3, 7) and not is_mended


def _database(settings: Settings) -> Iterator[Finding]:
    yield Finding("ok", "database", "reachable, and every migration is applied")
    if not settings.database.startswith("sqlite"):
        return
    version = sqlite3.sqlite_version
    if has_wal_race(sqlite3.sqlite_version_info):
        sentence = f"{version} has a rare race that can lose a write; 3.51.3, 3.50.7 or 3.44.6 do not"
        yield Finding("warning", "SQLite", sentence)
    else:
        yield Finding("ok", "SQLite", version)


def _keys(settings: Settings) -> Iterator[Finding]:
    mode = stat.S_IMODE(settings.key_ring.stat().st_mode)
    found = f"{settings.key_ring}, mode {mode:04o}"
    if mode == stat.S_IRUSR:
        yield Finding("ok", "keys", found)
    else:
        yield Finding("warning", "keys", f"{found}; 0400 is enough")
    home = stat.S_IMODE(settings.home.stat().st_mode)
    if home & 0o077:
        yield Finding(
            "warning", "home", f"{settings.home} is open to other users (mode {home:04o}); chmod 700"
        )


def _address(settings: Settings) -> Iterator[Finding]:
    if settings.base_url:
        yield Finding("ok", "address", settings.base_url)
    else:
        yield Finding("warning", "address", "PORTAL_BASE_URL is not set: letters would name this machine")


def _mail(settings: Settings) -> Iterator[Finding]:
    if not settings.smtp_host:
        yield Finding("warning", "mail", "no mail server is set up (PORTAL_SMTP_HOST)")
        return
    try:
        envelope.sender(settings)
        sender.check(settings)
        yield Finding("ok", "mail", f"{settings.smtp_host} takes mail from us")
    except sender.NotDelivered as failure:
        yield Finding("FAILED", "mail", str(failure))


def _outbox(_settings: Settings) -> Iterator[Finding]:
    late = OutboxMessage.is_owed() & (OutboxMessage.due_at < clock.now() - LATE)
    count = db.session.scalar(select(func.count()).select_from(OutboxMessage).where(late)) or 0
    if count:
        yield Finding(
            "FAILED", "outbox", f"{count} messages are late: does the worker of `portal serve` run?"
        )
    else:
        yield Finding("ok", "outbox", "nothing is late")


def _clock(_settings: Settings) -> Iterator[Finding]:
    newest = db.session.scalar(select(func.max(Event.at)))
    if newest and newest > clock.now():
        ahead = newest - clock.now()
        yield Finding("FAILED", "clock", f"the newest event is {ahead} in the future: the clock was set back")
    else:
        yield Finding("ok", "clock", f"{clock.now():%Y-%m-%d %H:%M} UTC, after every event")


Check = Callable[[Settings], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (_database, _keys, _address, _mail, _outbox, _clock)
