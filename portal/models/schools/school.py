"""A school and its years."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    UniqueConstraint,
    bindparam,
    exists,
    select,
)
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import ColumnElement

from portal import clock
from portal.db import Base, Scoped, UtcDateTime, db
from portal.models.event import Event, EventKind
from portal.models.rows import NEVER, PubliclyNamed
from portal.models.schools.network import NetworkSchool
from portal.models.users.network_membership import NetworkMembership, PortfolioSchool
from portal.policy.permissions import Reach, Scope
from portal.policy.reach import Actor, HasId


class FamilySection(StrEnum):
    """What guardians see of a child, each of which a school can switch off. The value is stored."""

    PROFILE = "profile"
    HOMEROOM = "homeroom"
    CLASSES = "classes"
    ATTENDANCE = "attendance"
    SCHOOL = "school"


class School(PubliclyNamed, Scoped, Base):
    __tablename__ = "schools"
    __table_args__ = (Index(None, "left_at", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    #: The short name used at the command line and in files; the roster's `identifier`.
    identifier: Mapped[str | None] = mapped_column(String(100), unique=True)
    source_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    #: IANA name; decides when the last day of the school year is over.
    time_zone: Mapped[str] = mapped_column(String(64), default="America/New_York")
    #: Of letters and mails to families whose own language is not known.
    language: Mapped[str] = mapped_column(String(12), default="en")
    #: "letter" or "a4".
    paper: Mapped[str] = mapped_column(String(8), default="letter")
    #: Whom families ask, as it stands on letters: a name, a phone number, opening hours.
    office_contact: Mapped[str] = mapped_column(String(300), default="")
    #: Of the school, in one to three lines, where letters are sent in envelopes with a window.
    return_address: Mapped[str] = mapped_column(String(300), default="")
    #: Letters are folded so that the family's name and the return address show in an envelope's window.
    letters_have_window: Mapped[bool] = mapped_column(default=False)
    #: Only levels that manage users may revoke a guardian.
    restricts_revoking: Mapped[bool] = mapped_column(default=False)
    #: Guardians keep sight of students who left.
    shows_former_students: Mapped[bool] = mapped_column(default=False)
    #: What the child's page leaves out, by the names of FamilySection.
    hidden_sections: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: Since when the roster no longer names this school.
    left_at: Mapped[datetime | None]

    @hybrid_method
    def is_on_roster(self) -> bool:
        """Whether the roster still names it; of the class or an alias, the criterion."""
        return self.left_at == NEVER

    @classmethod
    def within(cls, reach: Reach, account: HasId) -> ColumnElement[bool]:
        if reach.scope is Scope.NETWORK:
            # Asked of school after school, in whatever order they are wanted: a page ends early.
            return exists().where(
                NetworkSchool.network_id.in_(reach.places), NetworkSchool.school_id == cls.id
            )
        return cls.id.in_(school_ids_within(reach, account.id))

    def shows(self, section: str) -> bool:
        """Whether families see that section of a child's page."""
        return section not in self.hidden_sections

    def show_only(self, sections: Iterable[str], *, by: Actor) -> None:
        """Let families see these sections of a child's page and no others."""
        hidden = [section.value for section in FamilySection if section not in set(sections)]
        if hidden != self.hidden_sections:
            Event.record(
                EventKind.SETTINGS_CHANGED, by=by, school_id=self.id, old=self.hidden_sections, new=hidden
            )
            self.hidden_sections = hidden

    def change_settings(self, *, by: Actor, **settings: Any) -> None:
        """Change what letters are like, or what families and staff may do here: columns of this row, by name."""
        changed = [name for name, value in settings.items() if value != getattr(self, name)]
        if changed:
            Event.record(EventKind.SETTINGS_CHANGED, by=by, school_id=self.id, changed=changed)
            for name in changed:
                setattr(self, name, settings[name])

    @property
    def year(self) -> "SchoolYear | None":
        """The school year codes are made for: the first one not over. In August, the one to come."""
        return db.session.scalar(SchoolYear.open_at(self.id, clock.now()))


class SchoolYear(Base):
    __tablename__ = "school_years"
    __table_args__ = (UniqueConstraint("school_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"))
    #: The calendar year in which it ends, as OneRoster's schoolYear counts.
    year: Mapped[int]
    first_day: Mapped[date]
    last_day: Mapped[date]
    #: The first moment after the last day in the school's time zone: when codes have expired.
    ends_at: Mapped[datetime]

    @hybrid_method
    def is_open_at(self, moment: datetime) -> bool:
        """Whether it is not over at that moment; of the class or an alias, the criterion."""
        return self.ends_at > moment

    @classmethod
    def open_at(cls, school_id: int, moment: datetime) -> Select["SchoolYear"]:
        """Select the first year of that school which is not over at `moment`."""
        return (
            select(cls)
            .where(cls.school_id == school_id, cls.is_open_at(moment))
            .order_by(cls.ends_at)
            .limit(1)
        )

    @classmethod
    def number_at(cls, school_id: int, moment: datetime) -> int | None:
        """The number of that year, for those who need nothing else of it."""
        number: int | None = db.session.scalar(_NUMBER, {"school_id": school_id, "moment": moment})
        return number

    @classmethod
    def of(cls, school: School, *, year: int, first_day: date, last_day: date) -> "SchoolYear":
        ends_at = clock.end_of(last_day, school.time_zone)
        return cls(school_id=school.id, year=year, first_day=first_day, last_day=last_day, ends_at=ends_at)


_HERE: Any = bindparam("school_id", type_=Integer)
_MOMENT: Any = bindparam("moment", type_=UtcDateTime())
_NUMBER = SchoolYear.open_at(_HERE, _MOMENT).with_only_columns(SchoolYear.year)


def has_not_ended(ends_at: datetime | None, at: datetime) -> bool:
    """Whether a year with that end is not over; none stands for a year that the school does not have."""
    return ends_at is not None and at < ends_at


def school_ids_within(reach: Reach, staff_id: int) -> Any:
    """The ids of the schools inside `reach`: what a criterion `school_id IN (…)` takes."""
    match reach.scope:
        case Scope.SCHOOL:
            return reach.places
        case Scope.NETWORK:
            return select(NetworkSchool.school_id).where(NetworkSchool.network_id.in_(reach.places))
        case Scope.PORTFOLIO:
            return _portfolio(staff_id, reach.places)
        case _:
            return ()


def _portfolio(staff_id: int, network_ids: frozenset[int]) -> Select[int]:
    """Schools of the network that are in the portfolio: a school that left the network drops out."""
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
