"""At which school a staff account holds which access level. How it gets another: level_change.py."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql import ColumnElement

from portal import clock
from portal.db import Base, Refused, Scoped, db
from portal.models.event import Event, EventKind
from portal.models.rows import PubliclyNamed
from portal.models.schools.school import School, school_ids_within
from portal.models.users.level_rules import objection_to_person
from portal.policy.grants import always_grants, lets_in
from portal.policy.permissions import AccessLevel, Permission, Reach, Scope
from portal.policy.reach import Identified

if TYPE_CHECKING:
    from portal.models.accounts.account import Staff


class Membership(PubliclyNamed, Scoped, Base):
    """One level per person and school."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("staff_id", "school_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"), index=True)
    level: Mapped[str] = mapped_column(String(24), default=AccessLevel.NO_ACCESS.value)
    #: What they are at this school, where somebody wrote it by hand; otherwise the account's title counts.
    own_title: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    #: Since when an admin should look at this level again, such as a former principal's.
    review_since: Mapped[datetime | None]

    staff: Mapped["Staff"] = relationship(lazy="joined", innerjoin=True)
    school: Mapped[School] = relationship()

    @classmethod
    def within(cls, reach: Reach, account: Identified) -> ColumnElement[bool]:
        """Everybody who belongs to a school inside `reach`, whatever their level."""
        return cls.school_id.in_(school_ids_within(reach, account.id))

    @classmethod
    def at_level(cls, level: str) -> ColumnElement[bool]:
        """Those at the level that is stored as `level`."""
        return cls.level == level

    @classmethod
    def of(cls, staff: "Staff", school: School) -> Self | None:
        return db.session.scalar(select(cls).where(cls.staff_id == staff.id, cls.school_id == school.id))

    @classmethod
    def level_at(cls, school_id: int, staff: Any) -> AccessLevel:
        """What that account holds at that school right now; No Access when it does not belong there."""
        held = select(cls.level).where(cls.staff_id == staff.id, cls.school_id == school_id)
        return AccessLevel(db.session.scalar(held) or AccessLevel.NO_ACCESS)

    @classmethod
    def grants(cls, permission: Permission, *, scope: Scope | None = None) -> ColumnElement[bool]:
        """The criterion that the level is one of those that grant `permission`, just as far as `scope` if given."""
        return cls.level.in_(
            [level.value for level in AccessLevel if always_grants(level, permission, scope=scope)]
        )

    @property
    def title(self) -> str | None:
        return self.own_title or self.staff.title

    @property
    def label(self) -> str:
        """The access level as it is called on screen."""
        return AccessLevel(self.level).label

    @property
    def may_be_invited(self) -> bool:
        """Whether this person has access here and never chose a password."""
        return self.is_open and self.staff.password_hash is None and not self.staff.is_closed()

    @property
    def is_open(self) -> bool:
        """Whether this level lets anybody in at all."""
        return lets_in(AccessLevel(self.level))

    def has_level(self, level: AccessLevel) -> bool:
        return self.level == level.value

    def lock(self) -> None:
        """Read the level anew, and keep everybody else from changing one at this school until the transaction ends."""
        lock_schools({self.school_id})
        db.session.refresh(self, ["level", "review_since"])

    def rename(self, title: str, *, by: Any) -> None:
        """Write down what they are at this school. Without a title, the one in the staff file shows again."""
        wanted = None if title in ("", self.staff.title) else title[:120]
        if wanted == self.own_title:
            return
        own = Membership.level_at(self.school_id, by)
        refusal = objection_to_person(self, by=by, own=own) if self.staff_id != by.id else None
        if refusal:
            raise Refused(refusal)
        self.own_title = wanted
        Event.record(EventKind.TITLE_CHANGED, by=by, about_id=self.staff_id, school_id=self.school_id)


def lock_schools(school_ids: set[int]) -> None:
    """One change of levels at a time in each of these schools: of two admins who lower each other, one comes late."""
    rows = select(School.id).where(School.id.in_(school_ids)).order_by(School.id).with_for_update()
    db.session.scalars(rows).all()
