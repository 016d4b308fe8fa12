"""The texts that fill the patterns of the Portal Access tab: its guardians, and what happened."""

from collections.abc import Iterator
from typing import Any

from portal.models.codes.portal_access import PortalAccess
from portal.models.event import EventKind
from portal.text.language import gettext as _
from portal.web.templating import day, moment

#: A pattern by name, and the texts for its places.
Line = tuple[str, tuple[str, ...]]


def guardian_rows(access: PortalAccess) -> Iterator[Line]:
    """Yield the row of each guardian."""
    zone = access.student.school.time_zone
    for each in access.guardians:
        user, _at, host = each.email.rpartition("@")
        date, words = each.paired_at.date().isoformat(), day(each.paired_at, zone)
        state = "restricted" if each.is_barred else "connected"
        yield state, (each.public_id, each.name, user, host, date, words)


def event_lines(access: PortalAccess) -> Iterator[Line]:
    """Yield the line of each event, the newest first."""
    zone = access.student.school.time_zone
    for kind, at, details, actor, about in access.events:
        who = actor or _("The operator")
        yield kind, (who, _other(kind, details, about), at.strftime("%Y-%m-%dT%H:%MZ"), moment(at, zone))


def _other(kind: str, details: dict[str, Any] | None, about: str | None) -> str:
    """Return whom an event is about, or the number that it set."""
    if kind == EventKind.GUARDIAN_LIMIT_CHANGED:
        return str((details or {}).get("new", "?"))
    return about or _("somebody who is not connected")
