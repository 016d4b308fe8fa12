"""Disclosures: the events that say who was shown what, written once the page has been made (decision 4).

No page waits for a long write transaction of somebody else: on SQLite, what cannot be written at once is kept beside
the database (decision 27), and written by the next one who discloses anything or by the worker, with its own moment.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

import structlog
from sqlalchemy import Connection, String, bindparam, func, insert, select
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.db import Busy, UtcDateTime, after_commit, beside, db, write_connection, writing
from portal.db.spool import Spool
from portal.models.accounts.alarms import REVEALS, watch_reveals
from portal.models.accounts.sign_in import SignIn
from portal.models.event import Event, EventKind
from portal.models.letters.batch import mark_made
from portal.models.schools.visit import SchoolVisit
from portal.policy.reach import Actor

log = structlog.get_logger(__name__)

#: Seconds that a page waits for other writers before its disclosures are kept beside the database.
PATIENCE = 0.1

#: The detail of an event that was kept beside the database first, and under which name.
KEPT_AS = "kept_as"

#: How many waiting files a page writes, beside its own disclosures: the work of some milliseconds.
A_FEW = 20

#: A row of `events`, by column.
Disclosure = dict[str, Any]


class Viewer(NamedTuple):
    """The part of an account that an event records; the row itself would be read again."""

    id: int | None
    acting_from: str | None


def disclosure(kind: EventKind, *, by: Actor, student_id: int | None = None, **details: Any) -> Disclosure:
    """Return the event of `kind` that `by` causes now. `details` are ids and counts that JSON can hold."""
    return {
        "kind": kind.value,
        "at": clock.now(),
        "account_id": by.id,
        "student_id": student_id,
        "address": by.acting_from,
        "details": details or None,
    }


def record(disclosures: Sequence[Disclosure], *, seen: int | None = None) -> None:
    """Write these together, with what follows from them, in a transaction of their own.

    `seen` is the id of the sign-in whose browser was just used; that is left to the next page when others write.
    Raises DBAPIError when the database takes no writes, and OSError when the disk does not.
    """
    found = beside()
    try:
        if (found and not found.spool.is_empty) or any(
            row["kind"] in _WITH_CONSEQUENCES for row in disclosures
        ):
            _record_with_consequences(disclosures, seen)
        else:
            with write_connection(patience=PATIENCE) as connection:
                _insert(disclosures, seen, connection)
    except Busy:
        if found and disclosures:
            found.spool.keep([row | {"at": row["at"].isoformat()} for row in disclosures])


def write_what_waits(most: int | None = None) -> None:
    """Write the disclosures that are kept beside the database, each once, in the order in which they were made.

    Write those of `most` pages; without it, all.
    """
    found = beside()
    if found is None or found.spool.is_empty:
        return
    with writing():
        for name, text in islice(found.spool.waiting(), most):
            _write_waiting(name, text, found.spool)


def _record_with_consequences(disclosures: Sequence[Disclosure], seen: int | None) -> None:
    with writing(patience=PATIENCE):
        write_what_waits(A_FEW)
        _insert(disclosures, seen, db.session.connection())
        _draw_consequences(disclosures)


def _insert(disclosures: Sequence[Disclosure], seen: int | None, connection: Connection) -> None:
    if disclosures:
        connection.execute(_EVENTS, disclosures)
    if seen:
        SignIn.see(seen, writing_on=connection)


def _write_waiting(name: str, text: bytes, spool: Spool) -> None:
    """Write what was kept under this name, unless whoever has written it was killed before it could be discarded."""
    try:
        with db.session.begin_nested():
            rows = [_read(line, name) for line in json.loads(text)]
            if not db.session.scalar(_IS_WRITTEN, {"at": rows[0]["at"], "name": name}):
                _insert(rows, None, db.session.connection())
                _draw_consequences(rows)
    except (ValueError, LookupError, TypeError, IntegrityError) as error:
        spool.set_aside(name)
        log.error("disclosure set aside", name=name, reason=type(error).__name__)
    else:
        after_commit(lambda: spool.discard(name))


def _read(line: Disclosure, name: str) -> Disclosure:
    """Return the row as it was, with the name under which it was kept among its details."""
    details = (line["details"] or {}) | {KEPT_AS: name}
    return line | {"at": datetime.fromisoformat(line["at"]), "details": details}


def _draw_consequences(disclosures: Sequence[Disclosure]) -> None:
    """Do, in the open transaction, what else is stored where these are: alarms, made letters, visits."""
    for row in disclosures:
        details = row["details"] or {}
        if row["kind"] == EventKind.LETTER_PRINTED and "code" in details:
            mark_made([details["code"]], at=row["at"])
        if row["kind"] == EventKind.SCHOOL_ENTERED:
            visit = {"school_id": details["school"], "staff_id": row["account_id"], "at": row["at"]}
            db.session.execute(_VISIT, visit)
    takers = {row["account_id"]: row["address"] for row in disclosures if row["kind"] in REVEALS}
    for account_id, address in takers.items():
        watch_reveals(by=Viewer(account_id, address))


#: The kinds of events with which more is stored than the event.
_WITH_CONSEQUENCES = REVEALS | {EventKind.SCHOOL_ENTERED}

_TABLE: Any = Event.__table__
_EVENTS = insert(_TABLE)
_VISIT = insert(SchoolVisit)
_IS_WRITTEN = (
    select(func.count())
    .select_from(Event)
    .where(
        Event.at == bindparam("at", type_=UtcDateTime()),
        Event.details[KEPT_AS].as_string() == bindparam("name", type_=String),
    )
)
