"""What the comparisons of all files of a roster share: the importer, where changes go, and the counts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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

#: Identifiers looked up by one statement; older versions of SQLite allow 999.
LOOKED_UP_AT_ONCE = 500

#: The share of students or of staff that may be missing from a complete file. More suggests a broken export.
MOST_GONE = 0.10


class HasSourceId(Protocol):
    """A row with its identifier in the roster and the number of its line."""

    @property
    def source_id(self) -> str: ...

    @property
    def line(self) -> int: ...


Row = TypeVar("Row", bound=HasSourceId)


@dataclass
class Comparison:
    """The state of one import: who imports, when, where changes are written, and what was found so far."""

    importer: Importer
    writes: Writes
    counts: Counts
    now: datetime
    #: Whether a greater share than MOST_GONE may be gone.
    override: bool
    #: Why this roster may not be applied, or None. A preview sets it; applying raises it as Refused.
    refusal: str | None = None
    is_preview: bool = True
    #: What `read` has read.
    has_read: list[tuple[Select[*tuple[Any, ...]], Sequence[Any]]] = field(default_factory=list)

    def within_reach(self, school_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
        """Return the criterion that a row's school is within the importer's reach."""
        ids = self.importer.school_ids
        return school_id.is_not(None) if ids is None else school_id.in_(ids)

    def read(self, statement: Select[*tuple[Any, ...]]) -> Sequence[Any]:
        """Return the rows of the statement, and remember them: others than imports may change them meanwhile."""
        rows = db.session.execute(statement).all()
        self.has_read.append((statement, rows))
        return rows

    def is_current(self) -> bool:
        """Return whether what was compared with is what is stored now."""
        return all(db.session.execute(statement).all() == rows for statement, rows in self.has_read)

    def stored(self, statement: Select[*tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of the statement, fetched a few thousand at a time: of what imports alone write."""
        yield from db.session.connection().execute(statement.execution_options(yield_per=ROWS))

    def with_reach(
        self, rows: File[Row], known: Mapping[str, Any], *source_ids: InstrumentedAttribute[Any]
    ) -> Iterator[tuple[Row, bool]]:
        """Yield each row, and whether its identifier is stored for a school out of the importer's reach.

        `known` holds the identifiers within reach; the others are looked up in the columns `source_ids`.
        """
        if self.importer.school_ids is None:
            yield from zip(rows, repeat(False))
            return
        for some in batched(rows, LOOKED_UP_AT_ONCE):
            unknown = [row.source_id for row in some if row.source_id not in known]
            looked_up = (select(source_id).where(source_id.in_(unknown)) for source_id in source_ids)
            out_of_reach = set(db.session.scalars(union_all(*looked_up)))
            yield from ((row, row.source_id in out_of_reach) for row in some)

    def reject(self, file: File[Any], kind: Kind, row: HasSourceId, column: str, sentence: str) -> None:
        """Leave a row out and report why. Its subject does not count as gone."""
        self.counts.note(kind, RowOutcome.REJECTED)
        file.rejected.add(row.source_id)
        file.reject(row.line, column, sentence)

    def check_share(self, kind: Kind, before: int) -> None:
        """Refuse when more than MOST_GONE of the `before` rows stored until now would be gone.

        With `override` nothing is refused. A preview keeps the sentence in `refusal`; otherwise raises Refused.
        """
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
