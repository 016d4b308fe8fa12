"""At which network a staff account holds which access level, and for which of its schools."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import ForeignKey, String, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql import ColumnElement

from portal import clock
from portal.db import Base, Scoped, db
from portal.models.rows import PubliclyNamed
from portal.models.schools.network import Network
from portal.policy.grants import lets_in
from portal.policy.permissions import NetworkLevel, Reach, Scope
from portal.policy.reach import Identified

if TYPE_CHECKING:
    from portal.models.accounts.account import Staff


class NetworkMembership(PubliclyNamed, Scoped, Base):
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

    staff: Mapped["Staff"] = relationship(lazy="joined", innerjoin=True)
    network: Mapped[Network] = relationship(lazy="joined", innerjoin=True)

    @classmethod
    def within(cls, reach: Reach, account: Identified) -> ColumnElement[bool]:
        """Everybody who belongs to a network inside `reach`, whatever their level."""
        return cls.network_id.in_(reach.places) if reach.scope is Scope.NETWORK else false()

    @classmethod
    def of(cls, staff: Any, network: Network) -> Self | None:
        return db.session.scalar(select(cls).where(cls.staff_id == staff.id, cls.network_id == network.id))

    @property
    def access_level(self) -> NetworkLevel:
        return NetworkLevel(self.level)

    @property
    def label(self) -> str:
        """The access level as it is called on screen."""
        return self.access_level.label

    @property
    def is_open(self) -> bool:
        """Whether this level lets anybody in at all."""
        return lets_in(self.access_level)

    def lock(self) -> None:
        """Read the level anew, and keep others from changing one at this network until the transaction ends."""
        own = select(Network.id).where(Network.id == self.network_id).with_for_update()
        db.session.execute(own)
        db.session.refresh(self, ["level", "can_manage_users", "portfolio_is_all"])


class PortfolioSchool(Base):
    """One school in the portfolio of a network user."""

    __tablename__ = "portfolio_schools"

    network_membership_id: Mapped[int] = mapped_column(ForeignKey("network_memberships.id"), primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"), primary_key=True, index=True)
