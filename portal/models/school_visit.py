"""A network user was inside a school: its admins can see who looked, and when."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock
from portal.db import Base, db
from portal.models.account import Account
from portal.models.event import Event, EventKind
from portal.models.school import School


class SchoolVisit(Base):
    """Once a sign-in, at the first page of that school."""

    __tablename__ = "school_visits"
    __table_args__ = (Index(None, "school_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)

    @classmethod
    def begin(cls, school_id: int, *, by: Account) -> None:
        """Note, in the open transaction, that `by` has come in."""
        db.session.add(cls(school_id=school_id, staff_id=by.id))
        Event.record(EventKind.SCHOOL_ENTERED, by=by, school=school_id)


def visits_to(school: School, limit: int) -> Select[*tuple[Any, ...]]:
    """Select who came and when, the latest first: columns, at most `limit` rows."""
    return (
        select(Account.given_name, Account.family_name, Account.email, SchoolVisit.at)
        .join(Account, Account.id == SchoolVisit.staff_id)
        .where(SchoolVisit.school_id == school.id)
        .order_by(SchoolVisit.id.desc())
        .limit(limit)
    )
