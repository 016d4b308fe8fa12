"""A support: what a school does for some of its students during some time, led by a member of staff (rule B11)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple, Self

from sqlalchemy import ForeignKey, Index, String, and_, false, or_, text, update
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql import ColumnElement

from portal import clock
from portal.db import Base, Refused, Scoped, db
from portal.db.dialects import partial_index
from portal.models.accounts.account import Account, Staff
from portal.models.event import Event, EventKind
from portal.models.rows import PubliclyNamed, changes_one
from portal.models.schools.school import School, school_ids_within
from portal.models.supports.date_range import DateRange, today_at
from portal.models.users.eligible import is_colleague
from portal.policy.permissions import Permission, Reach, Scope
from portal.policy.reach import HasId
from portal.text.language import gettext as _


class SupportCategory(StrEnum):
    """The categories of supports. The values are stored."""

    ATTENDANCE = "attendance"
    ACADEMIC = "academic"
    POSTSECONDARY = "postsecondary"
    OTHER = "other"

    @property
    def label(self) -> str:
        return self.title()


class SupportState(StrEnum):
    PLANNED = "planned"
    RUNNING = "running"
    ENDED = "ended"


class Terms(NamedTuple):
    """What staff enter about a support. Without a `last_day` it has no end."""

    name: str
    category: SupportCategory
    lead: Staff
    first_day: date
    last_day: date | None = None
    criteria: str = ""


class SupportChanged(Refused):
    """Somebody else changed the support since the form was opened."""


_OPEN = text("ended_at IS NULL")


class Support(PubliclyNamed, DateRange, Scoped, Base):
    """A support of one school, with its lead, days and criteria. Its students are rows of SupportStudent."""

    __tablename__ = "supports"
    __table_args__ = (
        Index(None, "school_id", "first_day"),
        partial_index("ix_supports_led", "lead_id", "school_id", where=_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"))
    name: Mapped[str] = mapped_column(String(120))
    category: Mapped[str] = mapped_column(String(16))
    lead_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    #: The text of the school about whom the support is for.
    criteria: Mapped[str] = mapped_column(String(2000), default="")
    #: How often its terms were set. A change says which version it is based on.
    versions: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))

    school: Mapped[School] = relationship(lazy="joined", innerjoin=True)
    lead: Mapped[Staff] = relationship(foreign_keys=lead_id, lazy="joined", innerjoin=True)

    @property
    def terms(self) -> Terms:
        """What staff have entered about this support."""
        category = SupportCategory(self.category)
        return Terms(self.name, category, self.lead, self.first_day, self.last_day, self.criteria)

    @property
    def state(self) -> SupportState:
        """Return whether it is planned, running or ended, by today's date at the school."""
        today = clock.today(self.school.time_zone)
        if not self.is_open() or (self.last_day and self.last_day < today):
            return SupportState.ENDED
        return SupportState.RUNNING if self.first_day <= today else SupportState.PLANNED

    @classmethod
    def within(cls, reach: Reach, account: HasId) -> ColumnElement[bool]:
        """Return the criterion for the supports inside `reach`; with a caseload, those that the account leads."""
        match reach.scope:
            case Scope.CASELOAD:
                return and_(cls.school_id.in_(reach.places), cls.lead_id == account.id)
            case Scope.SCHOOL | Scope.NETWORK | Scope.PORTFOLIO:
                return cls.school_id.in_(school_ids_within(reach, account.id))
            case _:
                return false()

    @classmethod
    def is_over(cls) -> ColumnElement[bool]:
        """Return the criterion that somebody ended it or its last day is over."""
        has_lapsed = and_(cls.last_day.is_not(None), cls.last_day < today_at(cls.school_id))
        return or_(~cls.is_open(), has_lapsed)

    @classmethod
    def create(cls, school: School, terms: Terms, *, by: Account) -> Self:
        """Add a support without students to the school and return it.

        Raises Refused when the lead has no access at the school or the last day is before the first.
        """
        _check(terms, school.id)
        support = cls(school_id=school.id, created_by_id=by.id, **_columns(terms))
        db.session.add(support)
        db.session.flush()
        Event.record(EventKind.SUPPORT_CREATED, by=by, about_id=support.lead_id, support=support.id)
        return support

    def change(self, terms: Terms, *, seen: int, by: Account) -> Self:
        """Set other terms and return the support. A new lead sees the students at once, the former one no longer.

        `seen` is the value of `versions` when the form was opened, so that an old form does not undo another change.
        Raises SupportChanged when there are more versions now, Refused for a support that was ended and as `create`.
        """
        if not self.is_open():
            raise Refused(_("This support was ended and stays as it was."))
        _check(terms, self.school_id)
        changed = {name: value for name, value in _columns(terms).items() if getattr(self, name) != value}
        if changed:
            about = {"lead": [self.lead_id, terms.lead.id]} if "lead_id" in changed else {}
            self._replace(changed, seen=seen)
            details: dict[str, Any] = {"support": self.id, "changed": sorted(changed), **about}
            Event.record(EventKind.SUPPORT_CHANGED, by=by, about_id=self.lead_id, **details)
        return self

    def end(self, *, by: Account) -> None:
        """End the support now, so that nobody sees a student through it. Its students and dates are kept."""
        if self.end_once(by=by):
            Event.record(EventKind.SUPPORT_ENDED, by=by, about_id=self.lead_id, support=self.id)

    def _replace(self, changed: dict[str, Any], *, seen: int) -> None:
        row = update(Support).where(
            Support.id == self.id, Support.versions == self.versions, Support.is_open()
        )
        change = row.values(versions=self.versions + 1, **changed)
        is_first = seen == self.versions and changes_one(change)
        db.session.refresh(self)
        if not is_first:
            raise SupportChanged(
                _(
                    "Somebody changed this support in the meantime. What you typed is kept below; "
                    "where it differs, it says what stands there now. Save again if yours is right."
                )
            )


def _columns(terms: Terms) -> dict[str, Any]:
    columns = terms._asdict() | {"lead_id": terms.lead.id, "category": terms.category.value}
    del columns["lead"]
    return columns


def _check(terms: Terms, school_id: int) -> None:
    if not is_colleague(terms.lead, school_id, Permission.LEAD_SUPPORT):
        raise Refused(
            _("%(name)s has no access at this school and cannot lead a support.", name=terms.lead.name)
        )
    if terms.last_day and terms.last_day < terms.first_day:
        raise Refused(_("The last day comes before the first one."))
