"""One roster beside what is stored: shared by everything that compares a part of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat
from typing import Any, Protocol, TypeVar

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql import ColumnElement

from portal import db
from portal.db import Refused
from portal.models.rows import ROWS, batched
from portal.roster.counts import Counts, Kind, RowOutcome
from portal.roster.file import File
from portal.roster.importer import Importer
from portal.roster.writes import Writes
from portal.text.language import gettext as _

#: Identifiers looked up in one statement; SQLite of old takes 999.
LOOKED_UP_AT_ONCE = 500

#: A complete file may take away this share of the students or of the staff; more is more likely a broken export.
MOST_GONE = 0.10


class Identified(Protocol):
    @property
    def source_id(self) -> str: ...

    @property
    def line(self) -> int: ...


Row = TypeVar("Row", bound=Identified)


@dataclass
class Comparison:
    """Who imports, when, where changes go, and what was found so far."""

    importer: Importer
    writes: Writes
    counts: Counts
    now: datetime
    #: Whether more than MOST_GONE may go.
    override: bool
    #: Why this roster must not be applied, if so; set in a preview, raised when applying.
    refusal: str | None = None
    is_preview: bool = True

    def within_reach(self, school_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
        """The criterion that a row's school is one the importer reaches."""
        ids = self.importer.school_ids
        return school_id.is_not(None) if ids is None else school_id.in_(ids)

    def stored(self, statement: Select[*tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """What is stored, a few thousand rows at a time."""
        yield from db.session.connection().execute(statement.execution_options(yield_per=ROWS))

    def with_strangers(
        self, rows: File[Row], known: Mapping[str, Any], *source_ids: InstrumentedAttribute[Any]
    ) -> Iterator[tuple[Row, bool]]:
        """Each row, and whether what it names is stored outside the importer's reach (inside it is in `known`)."""
        if self.importer.school_ids is None:
            yield from zip(rows, repeat(False))
            return
        for some in batched(rows, LOOKED_UP_AT_ONCE):
            unknown = [row.source_id for row in some if row.source_id not in known]
            looked_up = (select(source_id).where(source_id.in_(unknown)) for source_id in source_ids)
            strangers = set(db.session.scalars(union_all(*looked_up)))
            yield from ((row, row.source_id in strangers) for row in some)

    def reject(self, file: File[Any], kind: Kind, row: Identified, column: str, sentence: str) -> None:
        """Leave a row out, and say why. What it is about does not count as gone."""
        self.counts.note(kind, RowOutcome.REJECTED)
        file.rejected.add(row.source_id)
        file.reject(row.line, column, sentence)

    def check_share(self, kind: Kind, before: int) -> None:
        """Refuse when more than a tenth of the `before` that were there would be gone, unless that was asked for."""
        gone = self.counts.totals[kind, RowOutcome.GONE]
        if self.override or gone <= before * MOST_GONE:
            return
        sentence = _(
            "%(gone)s of %(before)s %(kind)s are not in this file. If they really left, apply it with the override.",
            gone=gone,
            before=before,
            kind=kind.value,
        )
        if not self.is_preview:
            raise Refused(sentence)
        self.refusal = self.refusal or sentence
