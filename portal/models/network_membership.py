"""At which network a staff account holds which access level, and for which of its schools."""

from datetime import datetime
from typing import Self

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock
from portal.db import Base, db
from portal.models.event import Event, EventKind
from portal.permissions import NetworkLevel


class NetworkMembership(Base):
    """One level per person and network."""

    __tablename__ = "network_memberships"
    __table_args__ = (UniqueConstraint("staff_id", "network_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    network_id: Mapped[int] = mapped_column(ForeignKey("networks.id"), index=True)
    level: Mapped[str] = mapped_column(String(24), default=NetworkLevel.NO_ACCESS.value)
    can_manage_users: Mapped[bool] = mapped_column(default=False)
    #: The portfolio follows every school of the network, those that join later too.
    portfolio_is_all: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    @classmethod
    def appoint_admin(cls, *, staff_id: int, network_id: int) -> Self:
        """Make someone Network Admin, as only the operator may; on a form this level is never offered."""
        row = cls(staff_id=staff_id, network_id=network_id, level=NetworkLevel.NETWORK_ADMIN.value)
        db.session.add(row)
        db.session.flush()
        Event.record(
            EventKind.LEVEL_CHANGED, about_id=staff_id, network_id=network_id, old=None, new=row.level
        )
        return row


class PortfolioSchool(Base):
    """One school in the portfolio of a network user."""

    __tablename__ = "portfolio_schools"

    network_membership_id: Mapped[int] = mapped_column(ForeignKey("network_memberships.id"), primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"), primary_key=True, index=True)
