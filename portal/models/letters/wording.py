"""The table of texts that schools wrote for their letters, in place of the portal's own. Earlier texts are kept."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.db import Base, Refused, db
from portal.db.dialects import partial_index
from portal.models.accounts.account import Account
from portal.models.event import Event, EventKind
from portal.models.rows import Endable
from portal.models.schools.school import School
from portal.text.language import gettext as _

_OPEN = text("ended_at IS NULL")

#: How many changes the settings page shows.
TOLD = 10

#: HTML by the name of its box; the other boxes have the portal's own text.
Boxes = Mapping[str, str]

#: Boxes by the school's id and language.
Wordings = Mapping[tuple[int, str], Boxes]


class LetterWording(Endable, Base):
    """One text and its author. Without boxes, the portal's own text was restored."""

    __tablename__ = "letter_wordings"
    __table_args__ = (
        partial_index("uq_letter_wordings_current", "school_id", "language", unique=True, where=_OPEN),
        Index(None, "school_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"))
    language: Mapped[str] = mapped_column(String(12))
    boxes: Mapped[dict[str, str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    #: When another text replaced it; none for the current one.
    ended_at: Mapped[datetime | None]

    created_by: Mapped[Account] = relationship(lazy="joined", innerjoin=True)

    @classmethod
    def current(cls, school: School, language: str) -> "LetterWording | None":
        """Return the text on that school's letters now; None when nobody ever wrote one."""
        now = select(cls).where(cls.school_id == school.id, cls.language == language, cls.is_current())
        return db.session.scalar(now.execution_options(populate_existing=True))

    @classmethod
    def write(cls, school: School, language: str, boxes: Boxes, *, by: Account, seen: int | None) -> bool:
        """Make `boxes` the text of the letters; return False when they are it already. They have been checked.

        `seen` is the id of the text that the author changed; none for the portal's own. Raises Refused when another
        text is current by now.
        """
        _lock(school)
        current = cls.current(school, language)
        if dict(boxes) == (current.boxes if current else {}):
            return False
        if (current.id if current else None) != seen:
            raise Refused(_("Somebody changed this text in the meantime. Nothing was changed by you."))
        if current:
            current.ended_at = clock.now()
            db.session.flush()
        db.session.add(cls(school_id=school.id, language=language, boxes=dict(boxes), created_by_id=by.id))
        Event.record(EventKind.LETTER_WORDED, by=by, school_id=school.id, language=language, boxes=len(boxes))
        return True

    @classmethod
    def latest(cls, school: School) -> Sequence["LetterWording"]:
        """Return the last TOLD texts in any language, the newest first."""
        own = select(cls).where(cls.school_id == school.id).order_by(cls.id.desc()).limit(TOLD)
        return db.session.scalars(own).all()


def wordings_of(schools: Collection[int]) -> Wordings:
    """Return the current texts of these schools, in one statement."""
    rows = db.session.execute(
        select(LetterWording.school_id, LetterWording.language, LetterWording.boxes).where(
            LetterWording.school_id.in_(schools), LetterWording.is_current()
        )
    )
    return {(school_id, language): boxes for school_id, language, boxes in rows}


def _lock(school: School) -> None:
    """Lock the school's row, so that nobody else changes its letters until the transaction ends."""
    db.session.execute(select(School.id).where(School.id == school.id).with_for_update())
