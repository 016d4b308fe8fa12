"""Which access level a staff account has at a school. It is changed by `level_change.py`."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql import ColumnElement

from portal import clock
from portal.db import Base, Refused, db
from portal.models.event import Event, EventKind
from portal.models.schools.school import School, school_ids_within
from portal.models.users.any_membership import AnyMembership, source_of
from portal.models.users.level_rules import objection_to_person
from portal.policy.delegation import Access
from portal.policy.evaluator import always_grants
from portal.policy.permissions import AccessLevel, Permission, Reach, Scope
from portal.policy.reach import Actor, HasId

if TYPE_CHECKING:
    from portal.models.accounts.account import Staff


class Membership(AnyMembership, Base):
    """One level per person and school."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("staff_id", "school_id"),)

    place_column = "school_id"
    admin_level = AccessLevel.SCHOOL_ADMIN
    no_access = AccessLevel.NO_ACCESS

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
    def within(cls, reach: Reach, account: HasId) -> ColumnElement[bool]:
        """Return the criterion for everybody who belongs to a school inside `reach`, whatever their level."""
        return cls.school_id.in_(school_ids_within(reach, account.id))

    @classmethod
    def at_level(cls, level: Any) -> ColumnElement[bool]:
        """Return the criterion for those at the level that is stored as `level`, which may be a parameter."""
        is_at: ColumnElement[bool] = cls.level == level
        return is_at

    @classmethod
    def grants(cls, permission: Permission, *, scope: Scope | None = None) -> ColumnElement[bool]:
        """Return the criterion that the level grants `permission`, and just as far as `scope` if given."""
        levels = [level.value for level in AccessLevel if always_grants(level, permission, scope=scope)]
        return cls.level.in_(levels)

    @property
    def place(self) -> School:
        """The school."""
        return self.school

    @property
    def title(self) -> str | None:
        """What this person is at the school."""
        return self.own_title or self.staff.title

    @property
    def needs_review(self) -> bool:
        """Whether an import took the level away and nobody has looked at it since."""
        return self.review_since is not None

    def lock(self) -> None:
        """Read the level anew, and keep others from changing one at this school until the transaction ends."""
        lock_schools({self.school_id})
        db.session.refresh(self, ["level", "review_since"])

    def set_access(self, to: Access, *, by: Actor | None) -> None:
        """Write down and record the level; with it, a review is over."""
        old = self.level
        self._write(level=to.level.value, review_since=None)
        kind = EventKind.LEVEL_REVIEWED if self.level == old else EventKind.LEVEL_CHANGED
        words: dict[str, Any] = {"old": old, "new": self.level, **source_of(by)}
        Event.record(kind, by=by, about_id=self.staff_id, school_id=self.school_id, **words)

    def rename(self, title: str, *, by: Actor) -> None:
        """Write down what this person is at the school. Without a title, the one in the staff file shows again.

        Raises Refused when `by` may not change this person.
        """
        wanted = None if title in ("", self.staff.title) else title[:120]
        if wanted == self.own_title:
            return
        own = Membership.access_of(by, self.school_id)
        refusal = objection_to_person(self, by=by, own=own) if self.staff_id != by.id else None
        if refusal:
            raise Refused(refusal)
        self.own_title = wanted
        Event.record(EventKind.TITLE_CHANGED, by=by, about_id=self.staff_id, school_id=self.school_id)


def lock_schools(school_ids: set[int]) -> None:
    """Let one change of levels happen at a time in each of these schools (decision 13)."""
    rows = select(School.id).where(School.id.in_(school_ids)).order_by(School.id).with_for_update()
    db.session.scalars(rows).all()
