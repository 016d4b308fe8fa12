"""A school with its settings, and its school years."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    Select,
    String,
    UniqueConstraint,
    exists,
    select,
)
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import ColumnElement

from portal import clock
from portal.db import Base, Scoped, db
from portal.models.event import Event, EventKind
from portal.models.rows import NEVER, PubliclyNamed
from portal.models.schools.network import NetworkSchool
from portal.models.users.network_membership import NetworkMembership, PortfolioSchool
from portal.policy.permissions import Reach, Scope
from portal.policy.reach import Actor, HasId


class FamilySection(StrEnum):
    """The sections of what guardians see of a child, which a school can switch off (rule A18). Values are stored."""

    PROFILE = "profile"
    HOMEROOM = "homeroom"
    CLASSES = "classes"
    ATTENDANCE = "attendance"
    SCHOOL = "school"


class School(PubliclyNamed, Scoped, Base):
    """A school with its settings."""

    __tablename__ = "schools"
    __table_args__ = (Index(None, "left_at", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    #: The short name at the command line and in pedagogue files; `identifier` in the roster.
    identifier: Mapped[str | None] = mapped_column(String(100), unique=True)
    #: Its sourcedId in the roster.
    source_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    #: An IANA name. It decides when a day, such as the last one of the school year, is over.
    time_zone: Mapped[str] = mapped_column(String(64), default="America/New_York")
    #: The language of letters and mails to families whose own is not known, such as "es".
    language: Mapped[str] = mapped_column(String(12), default="en")
    #: The size of paper: "letter" or "a4".
    paper: Mapped[str] = mapped_column(String(8), default="letter")
    #: The text on letters about whom to ask: a name, a phone number, opening hours.
    office_contact: Mapped[str] = mapped_column(String(300), default="")
    #: The school's address on letters, in one to three lines, for envelopes with a window.
    return_address: Mapped[str] = mapped_column(String(300), default="")
    #: Whether letters show the family's name and the return address in the window of an envelope.
    letters_have_window: Mapped[bool] = mapped_column(default=False)
    #: Whether only levels that manage users may revoke or restrict a guardian.
    restricts_revoking: Mapped[bool] = mapped_column(default=False)
    #: Whether guardians still see students who have left.
    shows_former_students: Mapped[bool] = mapped_column(default=False)
    #: The values of FamilySection that the child's page leaves out.
    hidden_sections: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: When the roster no longer named this school; none while it does.
    left_at: Mapped[datetime | None]

    @hybrid_method
    def is_on_roster(self) -> bool:
        """Whether the roster still names it; of the class or an alias, the criterion."""
        return self.left_at == NEVER

    @classmethod
    def within(cls, reach: Reach, account: HasId) -> ColumnElement[bool]:
        """Return the criterion for the schools inside `reach`."""
        if reach.scope is Scope.NETWORK:
            # With EXISTS the database checks schools in the wanted order, and stops when a page is full.
            return exists().where(
                NetworkSchool.network_id.in_(reach.places), NetworkSchool.school_id == cls.id
            )
        return cls.id.in_(school_ids_within(reach, account.id))

    def shows(self, section: str) -> bool:
        """Whether families see that section of a child's page."""
        return section not in self.hidden_sections

    def show_only(self, sections: Iterable[str], *, by: Actor) -> None:
        """Let families see these sections of a child's page and no others; `sections` are values of FamilySection."""
        hidden = [section.value for section in FamilySection if section not in set(sections)]
        if hidden != self.hidden_sections:
            Event.record(
                EventKind.SETTINGS_CHANGED, by=by, school_id=self.id, old=self.hidden_sections, new=hidden
            )
            self.hidden_sections = hidden

    def change_settings(self, *, by: Actor, **settings: Any) -> None:
        """Set columns of this row by name, and record which have changed, if any."""
        changed = [name for name, value in settings.items() if value != getattr(self, name)]
        if changed:
            Event.record(EventKind.SETTINGS_CHANGED, by=by, school_id=self.id, changed=changed)
            for name in changed:
                setattr(self, name, settings[name])

    @property
    def year(self) -> "SchoolYear | None":
        """The school year for which codes are made: the first that is not over; in summer, the coming one."""
        return db.session.scalar(SchoolYear.open_at(self.id, clock.now()))


class SchoolYear(Base):
    """One year of one school; access codes expire at its end (rule A14)."""

    __tablename__ = "school_years"
    __table_args__ = (UniqueConstraint("school_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"))
    #: The calendar year in which it ends, as in OneRoster's schoolYear.
    year: Mapped[int]
    first_day: Mapped[date]
    last_day: Mapped[date]
    #: The first moment after the last day in the school's time zone, from which codes have expired.
    ends_at: Mapped[datetime]

    @hybrid_method
    def is_open_at(self, moment: datetime) -> bool:
        """Whether it is not over at that moment; of the class or an alias, the criterion."""
        return self.ends_at > moment

    @classmethod
    def open_at(cls, school_id: int, moment: datetime) -> Select["SchoolYear"]:
        """Select the first year of that school that is not over at `moment`."""
        return (
            select(cls)
            .where(cls.school_id == school_id, cls.is_open_at(moment))
            .order_by(cls.ends_at)
            .limit(1)
        )

    @classmethod
    def of(cls, school: School, *, year: int, first_day: date, last_day: date) -> "SchoolYear":
        """Make a year of that school, not yet added to the session, with `ends_at` in its time zone."""
        ends_at = clock.end_of(last_day, school.time_zone)
        return cls(school_id=school.id, year=year, first_day=first_day, last_day=last_day, ends_at=ends_at)


def has_not_ended(ends_at: datetime | None, at: datetime) -> bool:
    """Whether a year with that end is not over at that moment; None stands for a year that the school does not have."""
    return ends_at is not None and at < ends_at


def school_ids_within(reach: Reach, staff_id: int) -> frozenset[int] | Select[int]:
    """Return the ids of the schools inside `reach`, as a collection or a query, for a criterion `school_id IN (…)`."""
    match reach.scope:
        case Scope.SCHOOL:
            return reach.places
        case Scope.NETWORK:
            return select(NetworkSchool.school_id).where(NetworkSchool.network_id.in_(reach.places))
        case Scope.PORTFOLIO:
            return _portfolio(staff_id, reach.places)
        case _:
            return frozenset()


def _portfolio(staff_id: int, network_ids: frozenset[int]) -> Select[int]:
    """Select the ids of the schools that are in the portfolio and still in its network (rule B17)."""
    listed = select(PortfolioSchool.school_id).where(
        PortfolioSchool.network_membership_id == NetworkMembership.id
    )
    return (
        select(NetworkSchool.school_id)
        .join(NetworkMembership, NetworkMembership.network_id == NetworkSchool.network_id)
        .where(
            NetworkMembership.staff_id == staff_id,
            NetworkMembership.network_id.in_(network_ids),
            NetworkMembership.portfolio_is_all | NetworkSchool.school_id.in_(listed),
        )
    )
